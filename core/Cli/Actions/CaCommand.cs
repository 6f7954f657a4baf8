using System.CommandLine;

namespace Kipuka.Cli.Actions;

/// <summary><c>kipuka ca</c>: the CAs of the running server.</summary>
internal sealed class CaCommand(Surroundings surroundings) : ICliCommand
{
    private static readonly JsonTable Table = new(
        ("ID", "id"), ("NAME", "name"), ("TYPE", "type"), ("STATUS", "status"), ("LABEL", "label"), ("EXPIRES", "cert_not_after"), ("TODAY", "certs_issued_today"),
        ("ISSUED", "certs_issued_total"), ("ACTIVE", "active_certificates"), ("COUNTED", "figures_complete"), ("REASON", "error"));

    public Command Build()
    {
        var command = new CliCommand("ca", "List and show the CAs with their state, figures and chains.");
        command.Add(List());
        command.Add(Show());
        command.Add(Chain());
        return command;
    }

    private CliCommand List()
    {
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("list", "All CAs: a table on a terminal, JSON elsewhere.") { Examples = ["kipuka ca list --config kipuka.toml"] };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var answer = (await client.CallAsync(HttpMethod.Get, "ca", null, cancel))!.Value;
            if (options.AsJson(parsed))
            {
                JsonText.Write(parsed.InvocationConfiguration.Output, answer.WriteTo);
                return;
            }
            Table.Write(parsed.InvocationConfiguration.Output, [.. answer.EnumerateArray()]);
        });
        return command;
    }

    private CliCommand Show()
    {
        var id = Id();
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("show", "One CA, with its chain and where its key is.") { Examples = ["kipuka ca show default --config kipuka.toml"] };
        command.Add(id);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var answer = await client.CallAsync(HttpMethod.Get, Path(parsed.GetRequiredValue(id)), null, cancel);
            AnswerText.Write(parsed.InvocationConfiguration.Output, answer, options.AsJson(parsed));
        });
        return command;
    }

    private CliCommand Chain()
    {
        var id = Id();
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("chain", "A CA's certificates as PEM: what clients are to trust.") { Examples = ["kipuka ca chain default --config kipuka.toml > ca.pem"] };
        command.Add(id);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            await using var output = Console.OpenStandardOutput();
            var progress = new Progress(parsed.InvocationConfiguration.Error, "lines", surroundings.Clock);
            await client.CopyAsync(Path(parsed.GetRequiredValue(id)) + "/chain", output, progress, cancel);
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = "The CA's id, as list shows it." };

    private static string Path(string id) => $"ca/{Uri.EscapeDataString(id)}";
}
