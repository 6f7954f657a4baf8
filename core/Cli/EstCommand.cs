using System.CommandLine;
using Kipuka.Cli.Client;

namespace Kipuka.Cli;

/// <summary><c>kipuka est</c>: a client of RFC 7030, for any server.</summary>
internal sealed class EstCommand(IEnumerable<IEstCommand> commands) : ICliCommand
{
    public Command Build()
    {
        var command = new CliCommand("est", "Be an EST client: fetch CA certificates, get a certificate, renew it, have a key made.");
        foreach (var sub in commands.Select(sub => sub.Build()).OrderBy(sub => sub.Name, StringComparer.Ordinal))
        {
            command.Add(sub);
        }
        return command;
    }
}
