using System.CommandLine;
using System.Text.Json;
using Kipuka.Pki;

namespace Kipuka.Cli.Actions;

/// <summary><c>kipuka cert</c>: what the running server has issued.</summary>
internal sealed class CertCommand(Surroundings surroundings) : ICliCommand
{
    private const string AboutSerial = "The serial number in hex, with or without colons or 0x.";

    private static readonly PagedShape Shape = new("certs", "certificates", "certificates", 50, ["ca_id", "serial"], new JsonTable(
        ("SERIAL", "serial"), ("STATUS", "status"), ("SUBJECT", "subject"), ("NOT AFTER", "not_after"), ("CA", "ca_id"), ("LABEL", "label"), ("BY", "enrollment_type"),
        ("REVOKED", "revocation_reason")));

    public Command Build()
    {
        var command = new CliCommand("cert", "List, show and revoke certificates that the server has issued.");
        command.Add(List());
        command.Add(Show());
        command.Add(Revoke());
        return command;
    }

    private CliCommand List()
    {
        (string Parameter, Option<string?> Option)[] filters =
        [
            ("status", SharedOptions.Text("--status", "STATUS", "active, revoked or expired.")),
            ("ca", SharedOptions.Text("--ca", "ID", "The CA.")),
            ("label", SharedOptions.Text("--label", "NAME", "The EST label.")),
            ("subject", SharedOptions.Text("--subject", "TEXT", "A part of the subject.")),
            ("issuer", SharedOptions.Text("--issuer", "TEXT", "A part of the issuer.")),
            ("issued_after", SharedOptions.Text("--issued-after", "TIME", "Issued after this time (ISO 8601).")),
            ("issued_before", SharedOptions.Text("--issued-before", "TIME", "Issued before this time (ISO 8601).")),
        ];
        var options = new AdminOptions(surroundings);
        var list = new PagedList(Shape);
        var command = new CliCommand("list", "What was issued, newest first: a table on a terminal, JSON elsewhere.")
        {
            Examples =
            [
                "kipuka cert list --status active --subject device-42 --config kipuka.toml",
                "kipuka cert list --ca default --issued-after 2026-06-01 --all --json | jq '.certificates[].serial'",
            ],
        };
        foreach (var (_, option) in filters)
        {
            command.Add(option);
        }
        list.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var given = filters.Select(filter => (filter.Parameter, parsed.GetValue(filter.Option))).ToList();
            await list.ShowAsync(client, parsed, given, options.AsJson(parsed), surroundings.Clock, cancel);
        });
        return command;
    }

    private CliCommand Show()
    {
        var serial = new Argument<string>("SERIAL") { Description = AboutSerial };
        var ca = SharedOptions.Text("--ca", "ID", "The CA, where several have issued this serial number.");
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("show", "One certificate: its PEM, how it was issued, and what the journal has of it.")
        {
            Examples = ["kipuka cert show 1a2b3c4d5e6f7890 --config kipuka.toml"],
        };
        command.Add(serial);
        command.Add(ca);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var path = Path(parsed.GetRequiredValue(serial));
            using var client = options.Open(parsed);
            var query = parsed.GetValue(ca) is { } id ? $"?ca={Uri.EscapeDataString(id)}" : "";
            var answer = (await client.CallAsync(HttpMethod.Get, path + query, null, cancel))!.Value;
            if (options.AsJson(parsed))
            {
                JsonText.Write(parsed.InvocationConfiguration.Output, answer.WriteTo);
                return;
            }
            Print(parsed.InvocationConfiguration.Output, answer);
        });
        return command;
    }

    private CliCommand Revoke()
    {
        var serial = new Argument<string>("SERIAL") { Description = AboutSerial };
        var reason = SharedOptions.Text("--reason", "REASON", "keyCompromise, superseded … or its number (RFC 5280 section 5.3.1); unspecified without it.");
        var ca = SharedOptions.Text("--ca", "ID", "The CA, where several have issued this serial number.");
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("revoke", "Revoke a certificate. There is no way back.")
        {
            Details = "It no longer enrolls, renews or opens anything here from that moment on.",
            Examples = ["kipuka cert revoke 1a2b3c4d5e6f7890 --reason keyCompromise --config kipuka.toml"],
        };
        command.Add(serial);
        command.Add(reason);
        command.Add(ca);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var path = Path(parsed.GetRequiredValue(serial)) + "/revoke";
            (string Name, string? Value)[] members = [("reason", parsed.GetValue(reason)), ("ca", parsed.GetValue(ca))];
            var body = JsonSerializer.SerializeToUtf8Bytes(members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value));
            using var client = options.Open(parsed);
            AnswerText.Write(parsed.InvocationConfiguration.Output, await client.CallAsync(HttpMethod.Post, path, body, cancel), options.AsJson(parsed));
        });
        return command;
    }

    private static void Print(TextWriter output, JsonElement answer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            // The certificate's own members first, then what else is known of it; the records are a table of their own.
            json.WriteStartObject();
            foreach (var member in answer.GetProperty("certificate").EnumerateObject().Concat(answer.EnumerateObject()).Where(member => member.Name is not ("certificate" or "audit")))
            {
                member.WriteTo(json);
            }
            json.WriteEndObject();
        }
        using var flat = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        AnswerText.Write(output, flat.RootElement);
        JsonTable.OfRecords.Write(output, [.. answer.GetProperty("audit").EnumerateArray()]);
    }

    private static string Path(string serial) => SerialNumbers.TryParse(serial, out var hex)
        ? $"certs/{hex}"
        : throw CliException.Usage($"{SafeText.OneLine(serial)} is no serial number; write it in hex, with or without colons or 0x");
}
