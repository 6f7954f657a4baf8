using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Kipuka.Cli.Actions;
using Kipuka.Config.Binding;

namespace Kipuka.Cli;

/// <summary>All commands as one tree: what the core brings, then what the installed plugins bring.</summary>
internal sealed class CommandTree(IEnumerable<ICliCommand> commands, RunCommand run, PluginCommands plugins)
{
    private static readonly string[] Examples =
    [
        "kipuka quickstart                     # a working server on this machine, and how to use it",
        "kipuka check --config kipuka.toml     # everything that is wrong with a configuration",
        "kipuka run --config kipuka.toml       # serve; the same as kipuka --config kipuka.toml",
    ];

    /// <summary>Parses and carries out.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        // The server handles SIGTERM and SIGINT itself: its drain may take longer than the library would wait.
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            // A password may begin with @, which the library would take for the name of a file.
            var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
            var root = Build();
            var parsed = root.Parse(args, parser);
            // Plugin folders are read only for a word that the core does not know, or for the list of all commands.
            if (parsed.UnmatchedTokens.Count > 0 || (parsed.Action is HelpWithExamples && parsed.CommandResult.Command == root))
            {
                plugins.AddTo(root, args, error);
                parsed = root.Parse(args, parser);
            }
            return parsed.Action is ParseErrorAction ? Complain(parsed, error) : await parsed.InvokeAsync(invocation, cancel);
        }
        catch (CliException fault)
        {
            await error.WriteLineAsync($"kipuka: {fault.Message}");
            return fault.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("kipuka: stopped before it was done");
            return ExitCode.Failed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"kipuka: {fault.Message}");
            return ExitCode.Failed;
        }
    }

    private RootCommand Build()
    {
        var root = new RootCommand("Kipuka issues certificates over EST (RFC 7030). Without a command it runs the server.");
        run.AddTo(root);
        foreach (var command in commands.Select(command => command.Build()).OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            root.Add(command);
        }
        foreach (var option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Description = "Show help; also after any command.";
                help.Action = new HelpWithExamples((HelpAction)help.Action!, Examples);
            }
            else if (option is VersionOption version)
            {
                version.Description = "Print the version.";
                version.Action = new PrintVersion();
            }
        }
        return root;
    }

    private static int Complain(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        if (command.Action is null && parsed.UnmatchedTokens.Count == 0)
        {
            error.WriteLine($"kipuka: {Words(parsed)} needs one of: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}");
        }
        else
        {
            foreach (var message in parsed.Errors.Select(wrong => wrong.Message).Distinct())
            {
                error.WriteLine($"kipuka: {message}");
            }
            if (parsed.UnmatchedTokens is [var word, ..] && NearestName.Find(word, command.Subcommands.Select(sub => sub.Name)) is { } nearest)
            {
                error.WriteLine($"Did you mean {nearest}?");
            }
        }
        error.WriteLine($"Help: {Words(parsed)} --help");
        return ExitCode.BadUsage;
    }

    // The words so far, such as kipuka est enroll.
    private static string Words(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: var command }; result = result.Parent)
        {
            words.Insert(0, command is RootCommand ? "kipuka" : command.Name);
        }
        return string.Join(' ', words);
    }
}
