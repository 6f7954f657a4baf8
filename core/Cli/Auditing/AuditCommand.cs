using System.CommandLine;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit</c>: the journal, asked, taken out, proven and shortened.</summary>
internal sealed class AuditCommand(Surroundings surroundings) : ICliCommand
{
    public Command Build()
    {
        var command = new CliCommand("audit", "Read, prove and archive the audit journal.");
        command.Add(new AuditQuery(surroundings).Build());
        command.Add(new AuditExport(surroundings).Build());
        command.Add(new AuditVerify(surroundings).Build());
        command.Add(new AuditArchive(surroundings).Build());
        command.Add(new AuditKeyMaker(surroundings).Build());
        return command;
    }
}
