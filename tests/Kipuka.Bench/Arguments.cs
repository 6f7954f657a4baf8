using System.Globalization;

namespace Kipuka.Bench;

/// <param name="Seconds">How long each row is measured.</param>
/// <param name="Connections">How many clients at a time.</param>
/// <param name="Only">A part of the names of the rows to measure.</param>
/// <param name="Json">Print JSON.</param>
/// <param name="Token">Compare a key in a token with one in a file, in place of all rows.</param>
internal sealed record Arguments(int Seconds, int Connections, string Only, bool Json, bool Token = false)
{
    /// <returns>Null when there is something that is not understood.</returns>
    public static Arguments? Parse(string[] words)
    {
        var arguments = new Arguments(10, 16, "", false);
        for (var index = 0; index < words.Length; index++)
        {
            var value = index + 1 < words.Length ? words[index + 1] : "";
            switch (words[index])
            {
                case "--json":
                    arguments = arguments with { Json = true };
                    break;
                case "--token":
                    arguments = arguments with { Token = true };
                    break;
                case "--only":
                    arguments = arguments with { Only = value };
                    index++;
                    break;
                case "--seconds" when Number(value, 1, 3600) is { } seconds:
                    arguments = arguments with { Seconds = seconds };
                    index++;
                    break;
                case "--connections" when Number(value, 1, 1000) is { } connections:
                    arguments = arguments with { Connections = connections };
                    index++;
                    break;
                default:
                    return null;
            }
        }
        return arguments;
    }

    private static int? Number(string text, int least, int most)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
