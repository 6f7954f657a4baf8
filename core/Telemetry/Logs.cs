using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace Kipuka.Telemetry;

/// <summary>The log: readable lines or JSON lines on standard error, at the level that KIPUKA_LOG names.</summary>
internal static class Logs
{
    private const string Template = "{Utc:l} {Word:l} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <exception cref="ArgumentException">KIPUKA_LOG is no level.</exception>
    public static ILoggerFactory Create(bool json, string? level)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Parse(level))
            // What frameworks say of every request is of no use to an operator, and may quote what clients sent.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning);
        configuration = json
            ? configuration.WriteTo.Console(new JsonFormatter(renderMessage: true), standardErrorFromLevel: LogEventLevel.Verbose)
            : configuration.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
                .Enrich.With<LineStart>();
        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    private static LogEventLevel Parse(string? level) => level?.Trim().ToUpperInvariant() switch
    {
        null or "" or "INFO" => LogEventLevel.Information,
        "ERROR" => LogEventLevel.Error,
        "WARN" or "WARNING" => LogEventLevel.Warning,
        "DEBUG" => LogEventLevel.Debug,
        "TRACE" => LogEventLevel.Verbose,
        _ => throw new ArgumentException($"KIPUKA_LOG is \"{level}\"; it is one of error, warn, info, debug, trace."),
    };

    // The console's own timestamp is local, and operators compare the logs of many machines; its own words for levels are cut to one width.
    private sealed class LineStart : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            var utc = logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            logEvent.AddOrUpdateProperty(new LogEventProperty("Utc", new ScalarValue(utc)));
            logEvent.AddOrUpdateProperty(new LogEventProperty("Word", new ScalarValue(logEvent.Level switch
            {
                LogEventLevel.Verbose => "TRACE",
                LogEventLevel.Debug => "DEBUG",
                LogEventLevel.Information => "INFO ",
                LogEventLevel.Warning => "WARN ",
                LogEventLevel.Error => "ERROR",
                _ => "FATAL",
            })));
        }
    }
}
