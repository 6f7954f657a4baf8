using System.CommandLine;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli.Actions;

/// <summary>
/// The commands that installed plugins bring, made from what they declare. No code of them runs until one is called: admin actions the server
/// carries out, commands the plugin itself.
/// </summary>
internal sealed class PluginCommands(InstalledPlugins installed, Surroundings surroundings)
{
    /// <summary>Adds them to the tree; a word that is taken stays what it is.</summary>
    /// <param name="root">The tree so far.</param>
    /// <param name="args">The command line, for a <c>--config</c> that names other plugin folders.</param>
    /// <param name="error">Takes what is wrong with plugin folders.</param>
    public void AddTo(RootCommand root, IReadOnlyList<string> args, TextWriter error)
    {
        var problems = new ConfigProblems();
        var plugins = installed.Judge(GivenConfig(args), problems);
        ProblemList.Write(error, problems.All);
        var own = Words(root);
        AddTo(root, own, plugins.SelectMany(entry => entry.Plugin.Actions.Where(action => action.Kind == entry.Plugin.Kind && action.Name == entry.Plugin.Name)));
        Add(root, own, plugins.SelectMany(
            entry => entry.Plugin.Commands,
            (entry, command) => (command.Command, About(command.Kind, command.Name), (Func<Command>)new LocalCommand(entry.Plugin, entry.Trust, command, surroundings).Build)));
    }

    /// <summary>Adds a command for each; of actions that share one the first.</summary>
    internal void AddTo(RootCommand root, IEnumerable<AdminActionDescription> actions) => AddTo(root, Words(root), actions);

    private void AddTo(RootCommand root, IReadOnlySet<string> ownWords, IEnumerable<AdminActionDescription> actions)
    {
        Add(root, ownWords, actions.DistinctBy(action => action.Command).Select(
            action => (action.Command, $"{About(action.Kind, action.Name)}, for the running server", (Func<Command>)new ActionCommand(action, surroundings).Build)));
    }

    // The core's words are its own, whatever plugins declare.
    private static HashSet<string> Words(RootCommand root) => [.. root.Subcommands.Select(command => command.Name)];

    private static void Add(RootCommand root, IReadOnlySet<string> ownWords, IEnumerable<(string Words, string About, Func<Command> Build)> commands)
    {
        foreach (var (text, about, build) in commands)
        {
            var words = text.Split(' ');
            if (ownWords.Contains(words[0]))
            {
                continue;
            }
            Command parent = root;
            foreach (var word in words[..^1])
            {
                parent = Find(parent, word) ?? Add(parent, new CliCommand(word, $"{about}."));
            }
            if (Find(parent, words[^1]) is null)
            {
                parent.Add(build());
            }
        }
    }

    private static string About(string kind, string name) => $"What the plugin {kind}:{name} adds";

    private static Command? Find(Command parent, string word) => parent.Subcommands.FirstOrDefault(command => command.Name == word);

    private static CliCommand Add(Command parent, CliCommand command)
    {
        parent.Add(command);
        return command;
    }

    private static string? GivenConfig(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--config" or "-c")
            {
                return args.ElementAtOrDefault(i + 1);
            }
            if (args[i].StartsWith("--config=", StringComparison.Ordinal))
            {
                return args[i]["--config=".Length..];
            }
        }
        return null;
    }
}
