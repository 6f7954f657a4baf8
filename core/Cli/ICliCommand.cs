using System.CommandLine;

namespace Kipuka.Cli;

/// <summary>One command right below <c>kipuka</c>. Found by a scan where everything is composed: a new command is a new class.</summary>
internal interface ICliCommand
{
    /// <summary>Makes the command with its options, sub-commands and action.</summary>
    Command Build();
}
