using System.Globalization;
using System.Text.Json;

namespace Kipuka.Cli.Client;

/// <summary>When a server wants a certificate to be renewed.</summary>
/// <param name="Start">From when on.</param>
/// <param name="End">Until when; after the start.</param>
/// <param name="AskAgain">When to ask again.</param>
/// <param name="ExplanationUrl">A page that says why; null for none.</param>
internal sealed record RenewalAdvice(DateTimeOffset Start, DateTimeOffset End, TimeSpan AskAgain, string? ExplanationUrl)
{
    /// <returns>Null when it is none: a window that ends before it begins is as good as no answer (RFC 9773 section 4.2).</returns>
    public static RenewalAdvice? Read(ReadOnlyMemory<byte> json, TimeSpan askAgain)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var window = document.RootElement.GetProperty("suggestedWindow");
            var (start, end) = (Time(window, "start"), Time(window, "end"));
            var url = document.RootElement.TryGetProperty("explanationURL", out var given) ? given.GetString() : null;
            return start < end ? new RenewalAdvice(start, end, askAgain, url) : null;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static DateTimeOffset Time(JsonElement window, string name) => DateTimeOffset.Parse(
        window.GetProperty(name).GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
