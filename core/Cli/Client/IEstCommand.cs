using System.CommandLine;

namespace Kipuka.Cli.Client;

/// <summary>One command below <c>kipuka est</c>; found as <see cref="ICliCommand"/>s are.</summary>
internal interface IEstCommand
{
    /// <summary>Makes the command.</summary>
    Command Build();
}
