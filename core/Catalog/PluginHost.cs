using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>One instance's share of the host.</summary>
internal sealed partial class PluginHost(string instance, Version version, PluginServices services) : IPluginHost, IDisposable
{
    /// <summary>The name of every instance's meter; the tag <c>instance</c> tells them apart.</summary>
    public const string MeterName = "Kipuka.Plugins";

    private const int MaxFields = 32;
    private const int MaxValue = 1024;

    public string Instance => instance;

    public ILogger Logger { get; } = services.Loggers.CreateLogger(instance);

    public TimeProvider Clock => services.Clock;

    public IPluginStore Store { get; } = services.StoreOf(instance);

    public Meter Meter { get; } = new(new MeterOptions(MeterName) { Version = version.ToString(), Tags = [new("instance", instance)] });

    public async ValueTask AuditAsync(
        string name,
        bool success,
        Identity? actor,
        IReadOnlyDictionary<string, string> fields,
        CancellationToken cancel)
        => await services.Audit.WriteAsync(instance, Checked(new AuditNote(name, success, actor, fields)), cancel);

    public ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel)
        => services.Audit.WriteAsync(instance, write, Checked(note), cancel);

    /// <summary>Only what the SDK declares as a service: the core's own types are none of a plugin's business.</summary>
    public T? Find<T>()
        where T : class
        => typeof(T).Assembly == typeof(IPluginHost).Assembly ? services.Optional.GetService(typeof(T)) as T : null;

    /// <summary>Ends the instance's metrics; whoever listens to them would otherwise keep the plugin loaded.</summary>
    public void Dispose() => Meter.Dispose();

    // A copy: a dictionary of the plugin's own type, kept in a queue, would keep the plugin loaded.
    private static AuditNote Checked(AuditNote note)
        => !NamePattern().IsMatch(note.Name)
            ? throw new ArgumentException($"An audit record is named with dotted lower-case words, not \"{note.Name}\".", nameof(note))
            : note.Fields.Count > MaxFields
                ? throw new ArgumentException($"An audit record has at most {MaxFields} details, not {note.Fields.Count}.", nameof(note))
                : note with { Fields = note.Fields.ToDictionary(field => field.Key, field => Cut(field.Value)) };

    private static string Cut(string value)
    {
        if (value.Length <= MaxValue)
        {
            return value;
        }
        // Not through the middle of a surrogate pair: half a character cannot be written as UTF-8.
        return value[..(char.IsHighSurrogate(value[MaxValue - 1]) ? MaxValue - 1 : MaxValue)];
    }

    [GeneratedRegex("^[a-z0-9_-]+(\\.[a-z0-9_-]+)+\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
