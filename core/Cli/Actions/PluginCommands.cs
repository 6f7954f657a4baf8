using System.CommandLine;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli.Actions;

/// <summary>The commands that installed plugins bring, made from what they declare. No code of them runs: the server carries the actions out.</summary>
internal sealed class PluginCommands(InstalledPlugins installed, Surroundings surroundings)
{
    /// <summary>Adds them to the tree; a word that is taken stays what it is.</summary>
    /// <param name="root">The tree so far.</param>
    /// <param name="args">The command line, for a <c>--config</c> that names other plugin folders.</param>
    /// <param name="error">Takes what is wrong with plugin folders.</param>
    public void AddTo(RootCommand root, IReadOnlyList<string> args, TextWriter error)
    {
        var problems = new ConfigProblems();
        var plugins = installed.Find(GivenConfig(args), problems);
        ProblemList.Write(error, problems.All);
        AddTo(root, plugins.SelectMany(plugin => plugin.Actions.Where(action => action.Kind == plugin.Kind && action.Name == plugin.Name)));
    }

    /// <summary>Adds a command for each; of actions that share one the first.</summary>
    internal void AddTo(RootCommand root, IEnumerable<AdminActionDescription> actions)
    {
        var ownWords = root.Subcommands.Select(command => command.Name).ToHashSet();
        foreach (var action in actions.DistinctBy(action => action.Command))
        {
            var words = action.Command.Split(' ');
            if (ownWords.Contains(words[0]))
            {
                continue;
            }
            Command parent = root;
            foreach (var word in words[..^1])
            {
                parent = Find(parent, word) ?? Add(parent, new CliCommand(word, $"What the plugin {action.Kind}:{action.Name} adds, for the running server."));
            }
            if (Find(parent, words[^1]) is null)
            {
                parent.Add(new ActionCommand(action, surroundings).Build());
            }
        }
    }

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
