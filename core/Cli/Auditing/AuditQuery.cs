using System.CommandLine;
using Kipuka.Cli.Actions;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit query</c>: the running server's journal, a page of it or all.</summary>
internal sealed class AuditQuery(Surroundings surroundings)
{
    private static readonly PagedShape Shape = new("audit", "events", "records", 100, ["node", "sequence"], JsonTable.OfRecords);

    public Command Build()
    {
        var filters = new FilterOptions();
        var options = new AdminOptions(surroundings);
        var list = new PagedList(Shape);
        var command = new CliCommand("query", "Show records, newest first: a table on a terminal, JSON elsewhere.")
        {
            Examples =
            [
                "kipuka audit query --event 'auth.*' --outcome failure --start 2026-06-01 --config kipuka.toml",
                "kipuka audit query --action enroll --subject device-42 --json",
            ],
        };
        filters.AddTo(command);
        list.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            await list.ShowAsync(client, parsed, filters.Given(parsed), options.AsJson(parsed), surroundings.Clock, cancel);
        });
        return command;
    }
}
