using System.Buffers;

namespace Kipuka.Config.Toml.Reading;

/// <summary>The sets of characters that the grammar names.</summary>
internal static class Characters
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Tab is the one control character that text may hold as it is. CR and LF are here too, as they end a run of text.
    private const string Controls =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D\u000E\u000F" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F";

    public static readonly SearchValues<char> BareKey = SearchValues.Create(Letters + "_-");

    /// <summary>What numbers, dates, times, true, false, inf and nan are made of.</summary>
    public static readonly SearchValues<char> BareValue = SearchValues.Create(Letters + "_-+.:");

    public static readonly SearchValues<char> Blank = SearchValues.Create(" \t");

    public static readonly SearchValues<char> EndsComment = SearchValues.Create(Controls);

    public static readonly SearchValues<char> EndsBasicRun = SearchValues.Create(Controls + "\"\\");

    public static readonly SearchValues<char> EndsLiteralRun = SearchValues.Create(Controls + "'");
}
