using System.Text.RegularExpressions;

namespace Kipuka.Interop;

/// <summary>docs/plugin-author.md, whose lines a test carries out: the page and the product cannot disagree.</summary>
internal sealed partial class AuthorPage
{
    private readonly List<(string Language, string Mark, string Text)> blocks;

    public AuthorPage()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "plugin-author.md"));
        blocks = [.. Block().Matches(text).Select(match => (match.Groups["language"].Value, match.Groups["mark"].Value, match.Groups["text"].Value))];
    }

    /// <summary>The lines for a shell, in order, up to the table that is added to kipuka.toml.</summary>
    public IReadOnlyList<string> Before => [.. blocks.TakeWhile(block => block.Language != "toml").Where(block => block.Mark == "walk").Select(block => block.Text)];

    /// <summary>The lines after it.</summary>
    public IReadOnlyList<string> After => [.. blocks.SkipWhile(block => block.Language != "toml").Where(block => block.Language == "sh").Select(block => block.Text)];

    public string Server => Assert.Single(blocks, block => block.Mark == "walk-server").Text;

    public string Tables => Assert.Single(blocks, block => block.Language == "toml").Text;

    [GeneratedRegex("^```(?<language>sh|toml) (?<mark>walk|walk-server)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
