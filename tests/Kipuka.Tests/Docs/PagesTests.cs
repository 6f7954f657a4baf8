using System.Collections.Concurrent;
using System.Diagnostics;
using Kipuka.Tests.Config;

namespace Kipuka.Tests.Docs;

public sealed class PagesTests
{
    private static readonly string[] Elsewhere = ["build", "tests", "bin", "obj", "kipuka-data"];

    private static readonly string[] Files =
        [.. Directory.GetFiles(Checked.Repository, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Checked.Repository, file))
            .Where(file => !Elsewhere.Contains(file.Split('/')[0]))
            .Order()];

    // Many pages name the same commands.
    private static readonly ConcurrentDictionary<string, Lazy<Task<(int Code, string Text)>>> Help = [];

    public static TheoryData<string> Pages => [.. Files];

    [Fact]
    public void The_pages_that_others_lead_to_are_there()
    {
        Assert.Contains("README.md", Files);
        Assert.Contains("docs/operator.md", Files);
        Assert.Contains("docs/plugin-author.md", Files);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page) => Assert.Empty(Open(page).BrokenLinks());

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_that_a_page_names_exists_with_its_options(string page)
    {
        foreach (var command in Open(page).Commands())
        {
            Assert.Null(await WrongAsync(command));
        }
    }

    [Theory]
    [InlineData("frobnicate", "")]
    [InlineData("otp steal", "")]
    [InlineData("quickstart", "--twice")]
    public async Task A_command_that_does_not_exist_would_be_found(string words, string options) => Assert.NotNull(await WrongAsync(new Command(words, options)));

    [Fact]
    public void A_broken_link_would_be_found()
    {
        var page = new Page(Path.Combine(Checked.Repository, "made-up.md"), """
            [a](README.md) [b](README.md#licence) [c](https://example.com/x) [d](missing.md) [e](README.md#no-such-heading)
            ```
            [f](in-code.md)
            ```
            """);
        Assert.Equal(["missing.md#", "README.md#no-such-heading"], page.BrokenLinks().Select(link => link.Split(": ")[1]));
    }

    [Fact]
    public void Commands_are_found_in_blocks_and_in_sentences()
    {
        var page = new Page("made-up.md", """
            Run `./kipuka quickstart --once`, or `./kipuka`.
            ```
            ./kipuka est enroll --url https://localhost:8443 \
              --out device-1
            ```
            """);
        Assert.Equal([new Command("quickstart", "--once"), new Command("est enroll", "--url --out")], page.Commands());
    }

    private static Page Open(string page) => Page.Read(Path.Combine(Checked.Repository, page));

    /// <returns>What the built program says when it does not know the command or an option of it; null when it knows all.</returns>
    private static async Task<string?> WrongAsync(Command command)
    {
        var (code, help) = await Help.GetOrAdd(command.Words, static words => new Lazy<Task<(int, string)>>(() => HelpAsync(words))).Value;
        var known = code == 0
            && help.Contains($"  kipuka {command.Words}".TrimEnd() + " ", StringComparison.Ordinal)
            && command.Options.Split(' ').All(option => help.Contains(option, StringComparison.Ordinal));
        return known ? null : $"kipuka {command.Words} {command.Options}\n{help}";
    }

    private static async Task<(int Code, string Text)> HelpAsync(string words)
    {
        var start = new ProcessStartInfo(Path.Combine(Checked.Repository, "build", "kipuka"), [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
