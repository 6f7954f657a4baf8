using System.CommandLine;
using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary><c>kipuka requests</c>: certificates that wait for an operator's word.</summary>
internal sealed class RequestsCommand(Surroundings surroundings) : ICliCommand
{
    private const string AboutId = "The request's id, as list shows it.";

    public Command Build()
    {
        var command = new CliCommand("requests", "Decide about certificates that wait for an operator's approval.");
        foreach (var sub in new[] { List(), Show(), Approve(), Reject() })
        {
            command.Add(sub);
        }
        return command;
    }

    private CliCommand List()
    {
        var status = SharedOptions.Text("--status", "STATUS", "pending, or all: also what was decided. Without it pending.");
        var page = new Option<int?>("--page") { HelpName = "NUMBER", Description = "From 1." };
        var perPage = new Option<int?>("--per-page") { HelpName = "NUMBER", Description = "How many a page has; 50." };
        return Make("list", "What waits for a decision, newest first.", [status, page, perPage], [], "kipuka requests list --config kipuka.toml",
            (client, parsed, cancel) =>
            {
                (string Name, string? Value)[] given =
                [
                    ("status", parsed.GetValue(status)), ("page", parsed.GetValue(page)?.ToString((IFormatProvider?)null)),
                    ("per_page", parsed.GetValue(perPage)?.ToString((IFormatProvider?)null)),
                ];
                var query = string.Join('&', given.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
                return client.CallAsync(HttpMethod.Get, query.Length == 0 ? "requests" : $"requests?{query}", null, cancel);
            });
    }

    private CliCommand Show()
    {
        var id = Id();
        return Make("show", "One request, with every name it asks for.", [], [id], "kipuka requests show ID --config kipuka.toml",
            (client, parsed, cancel) => client.CallAsync(HttpMethod.Get, Path(parsed, id), null, cancel));
    }

    private CliCommand Approve()
    {
        var id = Id();
        return Make("approve", "Let the client have its certificate when it asks again.", [], [id], "kipuka requests approve ID --config kipuka.toml",
            (client, parsed, cancel) => client.CallAsync(HttpMethod.Post, Path(parsed, id) + "/approve", null, cancel));
    }

    private CliCommand Reject()
    {
        var id = Id();
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Required = true, Description = "Why; the client is told." };
        return Make("reject", "Refuse a request.", [reason], [id], "kipuka requests reject ID --reason \"unknown device\" --config kipuka.toml",
            (client, parsed, cancel) => client.CallAsync(HttpMethod.Post, Path(parsed, id) + "/reject", Body(parsed.GetRequiredValue(reason)), cancel));
    }

    private CliCommand Make(
        string name, string summary, IEnumerable<Option> own, IEnumerable<Argument> arguments, string example,
        Func<AdminClient, ParseResult, CancellationToken, Task<JsonElement?>> call)
    {
        var options = new AdminOptions(surroundings);
        var command = new CliCommand(name, summary) { Examples = [example] };
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }
        foreach (var option in own)
        {
            command.Add(option);
        }
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            AnswerText.Write(parsed.InvocationConfiguration.Output, await call(client, parsed, cancel), parsed.GetValue(options.Json));
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = AboutId };

    private static string Path(ParseResult parsed, Argument<string> id) => Guid.TryParse(parsed.GetRequiredValue(id), out var known)
        ? $"requests/{known}"
        : throw CliException.Usage($"{parsed.GetRequiredValue(id)} is no id of a request; kipuka requests list shows them");

    private static byte[] Body(string reason) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["reason"] = reason });
}
