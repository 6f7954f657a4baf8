using Kipuka.Sdk.Audit;

namespace Kipuka.Audit;

/// <summary>The words that an operator asks for records with (ruling 55), beside the events' own names.</summary>
internal static class EventWords
{
    private const string ServerKeyGen = "serverkeygen";

    // The admin chapter's words for what was done.
    private static readonly Dictionary<string, string[]> Actions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enroll"] = ["enroll.request", "enroll.success", "enroll.failure", "cert.issued"],
        ["reenroll"] = ["reenroll.request", "reenroll.success", "reenroll.failure", "cert.renewed"],
        ["reject"] = ["cert.denied"],
        ["revoke"] = ["cert.revoked"],
        ["otp_generate"] = ["otp.created"],
        ["otp_use"] = ["otp.used"],
    };

    /// <summary>What a record says under <c>action</c>: the book's word where it has one, otherwise the event's name.</summary>
    public static string ActionOf(AuditEvent record)
    {
        if (record.Fields.GetValueOrDefault("operation") == ServerKeyGen)
        {
            return ServerKeyGen;
        }
        return Actions.FirstOrDefault(word => word.Value.Contains(record.Name)).Key ?? record.Name;
    }

    /// <summary>What to look for when these words are asked for: separated by commas, any of them.</summary>
    /// <returns>False when one of them is no word that is known.</returns>
    public static bool TryRead(string text, out IReadOnlyList<string> events, out IReadOnlyList<string> niap, out string? operation)
    {
        List<string> names = [], profile = [];
        (events, niap, operation) = (names, profile, null);
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (word.Equals(ServerKeyGen, StringComparison.OrdinalIgnoreCase))
            {
                operation = ServerKeyGen;
            }
            else if (Actions.TryGetValue(word, out var action))
            {
                names.AddRange(action);
            }
            else if (EventNames.Expand(word) is { } expanded)
            {
                names.AddRange(expanded);
            }
            else if (EventNames.IsNiap(word))
            {
                profile.Add(word);
            }
            else if (word.Length > 0 && EventNames.IsKnown(word))
            {
                names.Add(word);
            }
            else
            {
                return false;
            }
        }
        // The word stands for what was done; other words beside it would have to be told apart record by record.
        return operation is null || names.Count + profile.Count == 0;
    }
}
