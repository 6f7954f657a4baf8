using Microsoft.Extensions.Logging;

namespace Kipuka.Sdk.Tck;

/// <summary>Keeps what is logged, at every level, as text: an object of a plugin in a list would keep the plugin loaded.</summary>
internal sealed class TckLogger(Action<string> take) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        take($"scope {state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        take($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
    }
}
