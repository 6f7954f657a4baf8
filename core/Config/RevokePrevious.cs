using Kipuka.Config.Binding;

namespace Kipuka.Config;

/// <summary>What <c>revoke_previous</c> says of a certificate that was renewed.</summary>
internal static class RevokePrevious
{
    public const string None = "none";

    private const string OnSuccess = "on-success";
    private const string Later = "after:";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <param name="text"><c>none</c>, <c>on-success</c> or <c>after:7d</c>.</param>
    /// <param name="after">How long after the new one was delivered the old one is revoked; null: never.</param>
    public static bool TryParse(string text, out TimeSpan? after)
    {
        after = text == OnSuccess ? TimeSpan.Zero : null;
        if (text is None or OnSuccess)
        {
            return true;
        }
        if (!text.StartsWith(Later, StringComparison.Ordinal) || !Durations.TryParse(text.AsSpan(Later.Length), out var time) || time > Longest)
        {
            return false;
        }
        after = time;
        return true;
    }
}
