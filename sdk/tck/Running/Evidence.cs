using System.Collections.Concurrent;
using System.Text;

namespace Kipuka.Sdk.Tck;

/// <summary>All that could be seen of a plugin while a suite ran, and which of it no one may see.</summary>
internal sealed class Evidence
{
    // Shorter ones occur in ordinary words.
    private const int Shortest = 6;
    private const int ShortestLine = 24;

    private readonly ConcurrentDictionary<string, byte> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);

    public void Hide(ReadOnlySpan<byte> secret)
    {
        var text = Encoding.UTF8.GetString(secret);
        Hide(text, Shortest);
        Hide(Convert.ToBase64String(secret), Shortest);
        Hide(Convert.ToHexStringLower(secret), Shortest);
        Hide(Convert.ToHexString(secret), Shortest);
        // A key file is not printed as a whole, but a line of it is as bad; its armour is no secret.
        foreach (var line in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("-----", StringComparison.Ordinal)))
        {
            Hide(line, ShortestLine);
        }
    }

    public void Hide(string secret) => Hide(Encoding.UTF8.GetBytes(secret));

    /// <summary>Notes a text that could be seen.</summary>
    /// <param name="where">What it was, for the report: <c>log line</c>.</param>
    /// <param name="text">The text.</param>
    public void See(string where, object? text) => seen.TryAdd($"{where} {text}", 0);

    public IEnumerable<string> Leaks() => seen.Keys.Where(text => secrets.Keys.Any(secret => text.Contains(secret, StringComparison.Ordinal)));

    /// <summary>A text fit for a report.</summary>
    public string Redact(string text)
        => secrets.Keys.OrderByDescending(secret => secret.Length).Aggregate(text, (all, secret) => all.Replace(secret, "(secret)", StringComparison.Ordinal));

    private void Hide(string text, int shortest)
    {
        if (text.Trim() is { } trimmed && trimmed.Length >= shortest)
        {
            secrets.TryAdd(trimmed, 0);
        }
    }
}
