using System.CommandLine;

namespace Kipuka.Cli;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The word.</param>
/// <param name="summary">One sentence, for the list that the command stands in.</param>
internal sealed class CliCommand(string name, string summary) : Command(name, summary)
{
    /// <summary>More sentences, for the command's own help.</summary>
    public string Details { get; init; } = "";

    /// <summary>Whole command lines, each with a comment behind it if it needs one.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
