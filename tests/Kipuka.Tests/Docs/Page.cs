using System.Text.RegularExpressions;

namespace Kipuka.Tests.Docs;

/// <summary>A page of the documentation: what it links to, and the commands it tells people to type.</summary>
internal sealed partial class Page(string path, string text)
{
    public static Page Read(string path) => new(path, File.ReadAllText(path));

    /// <summary>Relative links that lead to no file, or to no heading of one.</summary>
    public IEnumerable<string> BrokenLinks() => Link().Matches(Fence().Replace(text, ""))
        .Select(match => (Target: match.Groups["target"].Value, Heading: match.Groups["heading"].Value))
        .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !Resolves(link.Target, link.Heading))
        .Select(link => $"{path}: {link.Target}#{link.Heading}");

    /// <summary>Every <c>./kipuka …</c>, in a code block (continued lines joined) or in the text.</summary>
    public IEnumerable<Command> Commands() => Call().Matches(text.Replace("\\\n", " ", StringComparison.Ordinal))
        .Select(match => Command.Of(match.Value)).Distinct();

    private bool Resolves(string target, string heading)
    {
        var file = target.Length == 0 ? path : Path.GetFullPath(target, Path.GetDirectoryName(path)!);
        return heading.Length == 0 ? Path.Exists(file) : File.Exists(file) && Headings(File.ReadAllText(file)).Contains(heading);
    }

    private static IEnumerable<string> Headings(string text) => Heading().Matches(Fence().Replace(text, ""))
        .Select(match => NoSlug().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)#\s]*)(#(?<heading>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\./kipuka [^`\n|;)]+")]
    private static partial Regex Call();

    [GeneratedRegex(@"^#+ (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex NoSlug();
}

/// <summary>A command line, as far as help can judge it.</summary>
/// <param name="Words">The words of the command: <c>otp create</c>.</param>
/// <param name="Options">Its options, with a space between.</param>
internal sealed record Command(string Words, string Options)
{
    public static Command Of(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        return new Command(
            string.Join(' ', parts.TakeWhile(part => part.All(char.IsAsciiLetterLower))),
            string.Join(' ', parts.Where(part => part.StartsWith("--", StringComparison.Ordinal)).Select(part => part.Split('=')[0])));
    }
}
