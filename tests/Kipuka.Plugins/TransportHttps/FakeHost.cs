using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>What the transport asks of its host: a clock and a log.</summary>
internal sealed class FakeHost : IPluginHost, ILogger
{
    public ConcurrentQueue<string> Logged { get; } = new();

    public string Instance => "transport:https";

    public ILogger Logger => this;

    public TimeProvider Clock => TimeProvider.System;

    public IPluginStore Store => throw new NotSupportedException();

    public Meter Meter { get; } = new("transport:https");

    public ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
        => ValueTask.CompletedTask;

    public ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel) => throw new NotSupportedException();

    public T? Find<T>()
        where T : class => null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Logged.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
