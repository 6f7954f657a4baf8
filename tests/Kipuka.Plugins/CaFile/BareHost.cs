using System.Diagnostics.Metrics;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Plugins.Tests.CaFile;

/// <summary>The host of a plugin that asks nothing of it.</summary>
internal sealed class BareHost : IPluginHost
{
    public string Instance => "test";

    public ILogger Logger => NullLogger.Instance;

    public TimeProvider Clock => TimeProvider.System;

    public IPluginStore Store => throw new NotSupportedException();

    public Meter Meter => throw new NotSupportedException();

    public ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
        => ValueTask.CompletedTask;

    public ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel) => throw new NotSupportedException();

    public T? Find<T>()
        where T : class => null;
}
