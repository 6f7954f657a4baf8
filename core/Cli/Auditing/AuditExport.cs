using System.CommandLine;
using Kipuka.Cli.Actions;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit export</c>: the running server's journal as JSON Lines.</summary>
internal sealed class AuditExport(Surroundings surroundings)
{
    public Command Build()
    {
        var filters = new FilterOptions();
        var options = new AdminOptions(surroundings);
        var file = SharedOptions.Text("--out", "FILE", "Where to; without it the standard output. Never overwrites.");
        var command = new CliCommand("export", "Write the journal as JSON Lines, oldest first.")
        {
            Details = "Every record is whole, so that kipuka audit verify --file can prove the chain from the file alone; with filters other than "
                + "--start, --end and --node there are gaps in it.",
            Examples =
            [
                "kipuka audit export --out journal.jsonl --config kipuka.toml && kipuka audit verify --file journal.jsonl --public-key audit-key.pub.pem",
                "kipuka audit export --event cert.issued --start 2026-06-01 | jq .subject",
            ],
        };
        filters.AddTo(command);
        command.Add(file);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var progress = new Progress(parsed.InvocationConfiguration.Error, "records", surroundings.Clock);
            var path = "audit/export" + filters.Query(parsed);
            if (parsed.GetValue(file) is not { } target)
            {
                await using var output = Console.OpenStandardOutput();
                await client.CopyAsync(path, output, progress, cancel);
                return;
            }
            var full = surroundings.FullPath(target);
            NewFile.Write(full, "", NewFile.OwnerOnly);
            await using var stream = new FileStream(full, FileMode.Open, FileAccess.Write);
            await client.CopyAsync(path, stream, progress, cancel);
            stream.Flush(flushToDisk: true);
        });
        return command;
    }
}
