using System.CommandLine;
using System.Text.Json;
using Kipuka.Cli.Actions;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit archive</c>: has the running server move old records into signed files.</summary>
internal sealed class AuditArchive(Surroundings surroundings)
{
    public Command Build()
    {
        var options = new AdminOptions(surroundings);
        var before = new Option<string>("--before") { HelpName = "TIME", Required = true, Description = "Records of this time (ISO 8601), or day, and later stay." };
        var command = new CliCommand("archive", "Move old records out of the journal into signed files.")
        {
            Details = "The files go to archive_directory of [audit] on the server. Each is written, signed, read again and verified before its records leave; "
                + "the journal records that, and its chain goes on from the signed end. There is no other way out of the journal.",
            Examples = ["kipuka audit archive --before 2026-01-01 --config kipuka.toml"],
        };
        command.Add(before);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["before"] = parsed.GetRequiredValue(before) });
            AnswerText.Write(
                parsed.InvocationConfiguration.Output, await client.CallLongAsync(HttpMethod.Post, "audit/archive", body, cancel), options.AsJson(parsed));
        });
        return command;
    }
}
