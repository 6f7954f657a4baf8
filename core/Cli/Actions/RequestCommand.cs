using System.CommandLine;
using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary><c>kipuka request</c>: certificates that wait for an operator's word.</summary>
internal sealed class RequestCommand(Surroundings surroundings) : ICliCommand
{
    private const string AboutId = "The request's id, as list shows it.";

    private static readonly PagedShape Shape = new("requests", "requests", "requests", 50, ["id"], new JsonTable(
        ("ID", "id"), ("STATUS", "status"), ("SUBJECT", "subject"), ("NAMES", "subject_alt_names"), ("KEY", "key_type"), ("CA", "ca_id"), ("LABEL", "label"),
        ("REQUESTER", "requester"), ("CREATED", "created_at"), ("EXPIRES", "expires_at")));

    public Command Build()
    {
        var command = new CliCommand("request", "Decide about certificates that wait for an operator's approval.");
        foreach (var sub in new[] { List(), Show(), Approve(), Reject() })
        {
            command.Add(sub);
        }
        return command;
    }

    private CliCommand List()
    {
        var status = SharedOptions.Text("--status", "STATUS", "pending, or all: also what was decided. Without it pending.");
        var options = new AdminOptions(surroundings);
        var list = new PagedList(Shape);
        var command = new CliCommand("list", "What waits for a decision, newest first: a table on a terminal, JSON elsewhere.")
        {
            Examples = ["kipuka request list --config kipuka.toml", "kipuka request list --status all --all --json"],
        };
        command.Add(status);
        list.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            await list.ShowAsync(client, parsed, [("status", parsed.GetValue(status))], options.AsJson(parsed), surroundings.Clock, cancel);
        });
        return command;
    }

    private CliCommand Show()
    {
        var id = Id();
        return Make("show", "One request, with every name it asks for.", [], [id], "kipuka request show ID --config kipuka.toml",
            (client, parsed, cancel) => client.CallAsync(HttpMethod.Get, Path(parsed, id), null, cancel));
    }

    private CliCommand Approve()
    {
        var id = Id();
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "Why; for the journal." };
        return Make("approve", "Let the client have its certificate when it asks again.", [reason], [id], "kipuka request approve ID --config kipuka.toml",
            (client, parsed, cancel) => client.CallAsync(
                HttpMethod.Post, Path(parsed, id) + "/approve", parsed.GetValue(reason) is { } text ? Body(text) : null, cancel));
    }

    private CliCommand Reject()
    {
        var id = Id();
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Required = true, Description = "Why; the client is told." };
        return Make("reject", "Refuse a request.", [reason], [id], "kipuka request reject ID --reason \"unknown device\" --config kipuka.toml",
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
            AnswerText.Write(parsed.InvocationConfiguration.Output, await call(client, parsed, cancel), options.AsJson(parsed));
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = AboutId };

    private static string Path(ParseResult parsed, Argument<string> id) => Guid.TryParse(parsed.GetRequiredValue(id), out var known)
        ? $"requests/{known}"
        : throw CliException.Usage($"{parsed.GetRequiredValue(id)} is no id of a request; kipuka request list shows them");

    private static byte[] Body(string reason) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["reason"] = reason });
}
