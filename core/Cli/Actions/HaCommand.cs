using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary><c>kipuka ha</c>: the groups of CAs of the running server, and which member serves.</summary>
internal sealed class HaCommand(Surroundings surroundings) : ICliCommand
{
    public Command Build()
    {
        var command = new CliCommand("ha", "Show the groups of CAs, or force one onto a member or off it.");
        command.Add(Status());
        command.Add(Failover());
        return command;
    }

    private CliCommand Status()
    {
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("status", "Each group with its strategy, its members and their state.") { Examples = ["kipuka ha status --config kipuka.toml"] };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var answer = await client.CallAsync(HttpMethod.Get, "ha", null, cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (options.AsJson(parsed) || answer is not { ValueKind: JsonValueKind.Object } view)
            {
                AnswerText.Write(output, answer, options.AsJson(parsed));
                return;
            }
            foreach (var group in view.GetProperty("groups").EnumerateArray())
            {
                Write(output, group);
            }
        });
        return command;
    }

    private CliCommand Failover()
    {
        var options = new AdminOptions(surroundings);
        var group = new Argument<string>("GROUP") { Description = "The group's name, as status shows it." };
        var to = SharedOptions.Text("--to", "CA", "Ask this member first; the others stand by.");
        var off = SharedOptions.Text("--off", "CA", "Ask this member no more.");
        var end = new Option<bool>("--end") { Description = "Let the group's strategy decide again." };
        var ttl = SharedOptions.Text("--for", "DURATION", "When it ends by itself, such as 30m or 2h; 1h without it.");
        var reason = SharedOptions.Text("--reason", "TEXT", "For the journal and other operators.");
        var command = new CliCommand("failover", "Force a group onto a member, or off it, for some time.")
        {
            Details = "A member whose circuit is open is checked first; one that does not work is refused.",
            Examples =
            [
                "kipuka ha failover production --to backup-ca --for 2h --reason \"HSM firmware\" --config kipuka.toml",
                "kipuka ha failover production --off hsm-ca --config kipuka.toml",
                "kipuka ha failover production --end --config kipuka.toml",
            ],
        };
        command.Add(group);
        foreach (var option in (Option[])[to, off, end, ttl, reason])
        {
            command.Add(option);
        }
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var name = parsed.GetRequiredValue(group);
            (string Name, string? Value)[] given = [("to", parsed.GetValue(to)), ("off", parsed.GetValue(off)), ("ttl", parsed.GetValue(ttl)), ("reason", parsed.GetValue(reason))];
            var ends = parsed.GetValue(end);
            if (ends ? given.Any(one => one.Value is not null) : (given[0].Value is null) == (given[1].Value is null))
            {
                throw CliException.Usage("give one of --to CA, --off CA and --end; --for and --reason go with the first two");
            }
            using var client = options.Open(parsed);
            var answer = ends
                ? await client.CallAsync(HttpMethod.Delete, $"ha/failover/{Uri.EscapeDataString(name)}", null, cancel)
                : await client.CallAsync(HttpMethod.Post, "ha/failover", Body([("group", name), .. given]), cancel);
            AnswerText.Write(parsed.InvocationConfiguration.Output, answer, options.AsJson(parsed));
        });
        return command;
    }

    private static byte[] Body(IEnumerable<(string Name, string? Value)> members)
        => JsonSerializer.SerializeToUtf8Bytes(members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value));

    private static void Write(TextWriter output, JsonElement group)
    {
        var labels = string.Join(", ", group.GetProperty("labels").EnumerateArray().Select(label => Cell(label) is { Length: > 0 } name ? name : "(no label)"));
        output.WriteLine($"{Cell(group.GetProperty("name"))}: {(Cell(group.GetProperty("strategy")) is { Length: > 0 } strategy ? strategy : "one CA")}, serves {(labels.Length > 0 ? labels : "no label")}");
        if (group.GetProperty("failover") is { ValueKind: JsonValueKind.Object } forced)
        {
            var what = Cell(forced.GetProperty("to")) is { Length: > 0 } to ? $"to {to}" : $"off {Cell(forced.GetProperty("off"))}";
            var why = Cell(forced.GetProperty("reason")) is { Length: > 0 } reason ? $": {reason}" : "";
            output.WriteLine($"forced {what} until {Cell(forced.GetProperty("expires_at"))} by {Cell(forced.GetProperty("created_by"))}{why}");
        }
        TextTable.Write(output, ["CA", "STATE", "USED", "WEIGHT", "IN WORK", "LATENCY", "FAILURES", "REASON"],
            [.. group.GetProperty("members").EnumerateArray().Select(member => (IReadOnlyList<string>)
            [
                Cell(member.GetProperty("id")), Cell(member.GetProperty("state")), member.GetProperty("usable").GetBoolean() ? "yes" : "no",
                Cell(member.GetProperty("weight")), Cell(member.GetProperty("in_flight")), Latency(member.GetProperty("latency_ms")),
                Cell(member.GetProperty("consecutive_failures")), Cell(member.GetProperty("reason")),
            ])]);
        output.WriteLine();
    }

    private static string Latency(JsonElement milliseconds)
        => milliseconds.ValueKind == JsonValueKind.Number ? milliseconds.GetDouble().ToString("0.0 'ms'", CultureInfo.InvariantCulture) : "";

    private static string Cell(JsonElement value) => SafeText.Cell(value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    });
}
