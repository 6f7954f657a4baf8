using System.CommandLine;

namespace Kipuka.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whole command lines, each with a comment behind it if it needs one.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
