using System.Globalization;
using System.Text.Json;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The body of <c>POST /admin/otp</c>, read strictly: what is not known, doubled or out of range is refused by name.</summary>
internal sealed class TokenRequest
{
    private const int LongestText = 256;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    private readonly HashSet<string> seen = [];

    public string? Entity { get; private set; }

    public string? ClientId { get; private set; }

    public string? Subject { get; private set; }

    public string? Label { get; private set; }

    public string? EstLabel { get; private set; }

    public TimeSpan? Life { get; private set; }

    public DateTimeOffset? Expires { get; private set; }

    public int? MaxUses { get; private set; }

    /// <summary>Reads the body. A null body asks for the defaults.</summary>
    /// <returns>Null when it is fine, else what is wrong, in a sentence that names the member.</returns>
    public string? Read(JsonElement? body, DateTimeOffset now)
    {
        if (body is not { } members)
        {
            return null;
        }
        if (members.ValueKind != JsonValueKind.Object)
        {
            return "The body must be a JSON object.";
        }
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && Take(member.Name, member.Value, now) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private string? Take(string name, JsonElement value, DateTimeOffset now)
    {
        var meaning = name switch { "ttl" or "ttl_seconds" or "expires_at" => "the validity", "max_usage" => "max_uses", _ => name };
        if (!seen.Add(meaning))
        {
            return $"{Quoted(name)}: {meaning} is given twice.";
        }
        return name switch
        {
            "entity_id" => Text(name, value, text => Entity = text),
            "client_id" => Text(name, value, text => ClientId = text),
            "subject" => Text(name, value, text => Subject = text),
            "label" => Text(name, value, text => Label = text),
            "est_label" when !IsLabel(value) => "est_label must be 1 to 64 characters of [A-Za-z0-9._-].",
            "est_label" => Text(name, value, text => EstLabel = text),
            "ttl" or "ttl_seconds" => TakeLife(name, value),
            "expires_at" => TakeExpires(value, now),
            "max_uses" or "max_usage" => TakeMaxUses(name, value),
            _ => $"{Quoted(name)} is not known here; known are entity_id, client_id, subject, label, est_label, ttl, ttl_seconds, "
                + "expires_at, max_uses and max_usage.",
        };
    }

    private static string? Text(string name, JsonElement value, Action<string> take)
    {
        if (value.ValueKind != JsonValueKind.String
            || value.GetString() is not { Length: > 0 and <= LongestText } text
            || text.Any(char.IsControl))
        {
            return $"{name} must be a text of 1 to {LongestText} characters without control characters.";
        }
        take(text);
        return null;
    }

    private static bool IsLabel(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 64 } text
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    private string? TakeLife(string name, JsonElement value)
    {
        // Only ttl has units; both may be a number, or a number in a text, which is what the command line sends.
        var text = NumberOrText(value);
        if (text is null || !DurationText.TryParse(text, out var life) || (name == "ttl_seconds" && !text.All(char.IsAsciiDigit))
            || life <= TimeSpan.Zero || life > LongestLife)
        {
            return name == "ttl"
                ? "ttl must be a duration such as \"24h\" or \"1h30m\", or seconds, of at least 1 second and at most 10 years."
                : "ttl_seconds must be a whole number of seconds, at least 1 and at most 10 years.";
        }
        Life = life;
        return null;
    }

    private string? TakeExpires(JsonElement value, DateTimeOffset now)
    {
        if (value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParseExact(value.GetString(), Instants, CultureInfo.InvariantCulture, Utc, out var expires)
            || expires <= now || expires > now + LongestLife)
        {
            return "expires_at must be an ISO 8601 time such as 2026-06-30T23:59:59Z, in the future and at most 10 years ahead.";
        }
        Expires = expires;
        return null;
    }

    private string? TakeMaxUses(string name, JsonElement value)
    {
        var text = NumberOrText(value);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var uses) || uses is < 1 or > 1_000_000)
        {
            return $"{name} must be a whole number from 1 to 1000000.";
        }
        MaxUses = uses;
        return null;
    }

    private static string? NumberOrText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => null,
    };

    // What the caller wrote comes back in an answer: short, and without anything that could break a line.
    private static string Quoted(string name)
        => $"\"{string.Concat(name.Take(64).Select(character => char.IsControl(character) ? '?' : character))}\"";
}
