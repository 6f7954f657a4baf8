namespace Kipuka.Admin;

/// <summary>What callers sent, made fit to be shown back to them.</summary>
internal static class Text
{
    public static string Printable(string text) => string.Concat(text.Take(100).Select(c => char.IsControl(c) ? '?' : c));
}
