using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kipuka.Cli.Actions;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit query</c>: a page of the running server's journal.</summary>
internal sealed class AuditQuery(Surroundings surroundings)
{
    private static readonly string[] Header = ["TIME", "EVENT", "OUTCOME", "ACTOR", "SOURCE", "LABEL", "CA", "SERIAL", "SUBJECT", "REASON"];
    private static readonly string[] Columns = ["timestamp", "event_type", "outcome", "actor", "source_ip", "label", "ca_id", "serial", "subject", "reason"];

    public Command Build()
    {
        var filters = new FilterOptions();
        var options = new AdminOptions(surroundings);
        var page = new Option<int?>("--page") { HelpName = "NUMBER", Description = "From 1." };
        var perPage = new Option<int?>("--per-page") { HelpName = "NUMBER", Description = "How many a page has; 100." };
        var table = new Option<bool>("--table") { Description = "Print a table also where the output is no terminal." };
        var command = new CliCommand("query", "Show records, newest first: a table on a terminal, JSON elsewhere.")
        {
            Examples =
            [
                "kipuka audit query --event 'auth.*' --outcome failure --start 2026-06-01 --config kipuka.toml",
                "kipuka audit query --action enroll --subject device-42 --json",
            ],
        };
        filters.AddTo(command);
        command.Add(page);
        command.Add(perPage);
        command.Add(table);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var query = filters.Query(parsed, ("page", Text(parsed.GetValue(page))), ("per_page", Text(parsed.GetValue(perPage))));
            var answer = await client.CallAsync(HttpMethod.Get, "audit" + query, null, cancel);
            var asJson = parsed.GetValue(options.Json) || (Console.IsOutputRedirected && !parsed.GetValue(table));
            Print(parsed.InvocationConfiguration.Output, answer!.Value, asJson);
        });
        return command;
    }

    private static void Print(TextWriter output, JsonElement answer, bool asJson)
    {
        if (asJson)
        {
            JsonText.Write(output, answer.WriteTo);
            return;
        }
        var events = answer.GetProperty("events").EnumerateArray().ToList();
        TextTable.Write(output, Header, [.. events.Select(record => (IReadOnlyList<string>)[.. Columns.Select(name => SafeText.Cell(record.GetProperty(name).GetString() ?? ""))])]);
        output.WriteLine($"Page {answer.GetProperty("page").GetInt32()}: {events.Count} of {answer.GetProperty("total").GetInt64()} records.");
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
