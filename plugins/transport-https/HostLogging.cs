using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>Brings Kestrel's warnings and errors into the instance's log. What clients do wrong is below that level, and stays out.</summary>
internal sealed class HostLogging(ILogger host) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && host.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            host.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    public void Dispose()
    {
    }
}
