using Kipuka.Catalog;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Catalog;

/// <summary>A host without a database and a journal: the plugins of these tests need neither.</summary>
internal sealed class TestServices : IAuditWriter, IServiceProvider
{
    public List<string> Audited { get; } = [];

    public PluginServices For(TimeProvider clock)
        => new(NullLoggerFactory.Instance, clock, _ => null!, this, this);

    public GenerationBuilder Builder(TimeProvider? clock = null, params IGenerationPart[] parts)
        => new(For(clock ?? TimeProvider.System), parts, NullLogger<GenerationBuilder>.Instance);

    public static Generations Generations() => new(TimeProvider.System, NullLogger<Generations>.Instance);

    public ValueTask WriteAsync(string instance, AuditNote note, CancellationToken cancel)
    {
        Audited.Add($"{instance} {note.Name} {string.Join(',', note.Fields.Select(field => $"{field.Key}={field.Value}"))}");
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> WriteAsync(string instance, StoreWrite write, AuditNote note, CancellationToken cancel)
    {
        await WriteAsync(instance, note, cancel);
        return true;
    }

    public object? GetService(Type serviceType) => serviceType == typeof(IHealthProbe) ? new Probe() : null;

    private sealed class Probe : IHealthProbe
    {
        public ValueTask ProbeAsync(CancellationToken cancel) => ValueTask.CompletedTask;
    }
}
