using System.CommandLine;
using System.Net;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est fullcmc</c>: sends a message that another tool made.</summary>
internal sealed class FullcmcCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly Option<string> input = new("--in")
    {
        HelpName = "FILE",
        Required = true,
        Description = "The Full PKI Request (CMC): DER, PEM, or base64 alone.",
    };

    private readonly Option<string?> prefix = SharedOptions.Text(
        "--out", "PREFIX", "Write the certificates of the answer to PREFIX.pem instead of printing them. Never overwrites.");

    public Command Build()
    {
        var command = new CliCommand("fullcmc", "Send a full CMC request that another tool made, and show the answer.")
        {
            Details = "Prints what became of each part of the request. Exit code 0 if all of it was done, 1 otherwise.",
            Examples = ["kipuka est fullcmc --url https://localhost:8443 --cacert ca.pem --cert ra.pem --key ra.key --in batch.cmc --out batch"],
        };
        options.AddTo(command);
        command.Add(input);
        command.Add(prefix);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var message = Read(parsed.GetRequiredValue(input));
        using var session = options.Open(parsed, cancel);
        var result = await session.Client.FullCmcAsync(message);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(prefix) is { } given && result.Certificates.Count > 0)
        {
            NewFile.Write(surroundings.FullPath(given) + ".pem", string.Concat(result.Certificates.Select(Armour)), NewFile.Public);
            session.Tell($"Wrote {given}.pem");
        }
        if (parsed.GetValue(options.Json))
        {
            Write(output, result);
            return result.Succeeded ? ExitCode.Done : ExitCode.Failed;
        }
        foreach (var status in result.Statuses)
        {
            await output.WriteLineAsync(Describe(status));
        }
        foreach (var certificate in result.Certificates)
        {
            await output.WriteLineAsync($"certificate {certificate.SerialHex}: {certificate.Subject.Text}");
            if (parsed.GetValue(prefix) is null)
            {
                await output.WriteAsync(Armour(certificate));
            }
        }
        if (result.Signer is { } signer)
        {
            session.Tell($"Signed by {signer.Subject.Text}");
        }
        return result.Succeeded ? ExitCode.Done : ExitCode.Failed;
    }

    private byte[] Read(string path)
    {
        var bytes = surroundings.Read(path, "--in");
        try
        {
            return bytes is [0x30, ..] ? bytes
                : Pem.IsPem(bytes) ? Pem.Read(bytes)[0].Der.ToArray()
                : Convert.FromBase64String(System.Text.Encoding.Latin1.GetString(bytes));
        }
        catch (Exception fault) when (fault is FormatException or MalformedException or ArgumentOutOfRangeException)
        {
            throw CliException.Usage($"--in: {path} is neither DER nor PEM nor base64");
        }
    }

    private static string Describe(CmcStatusInfo status)
    {
        var parts = string.Join(", ", status.BodyParts.Select(part => part == BodyParts.Message ? "message" : $"part {part}"));
        var why = status.Failure is { } failure ? $" ({Name(failure)})" : "";
        return $"{parts}: {Name(status.Status)}{why}" + (status.Text is { } text ? $": {SafeText.OneLine(text)}" : "");
    }

    private static void Write(TextWriter output, CmcResult result) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("http_status", (int)result.Code);
        json.WriteString("signer", result.Signer?.Subject.Text);
        json.WriteStartArray("statuses");
        foreach (var status in result.Statuses)
        {
            json.WriteStartObject();
            json.WriteString("status", Name(status.Status));
            json.WriteStartArray("parts");
            foreach (var part in status.BodyParts)
            {
                json.WriteNumberValue(part);
            }
            json.WriteEndArray();
            json.WriteString("failure", status.Failure is { } failure ? Name(failure) : null);
            json.WriteString("text", status.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("certificates");
        foreach (var certificate in result.Certificates)
        {
            json.WriteStartObject();
            CertificateText.Write(json, certificate);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Armour(CertificateFields certificate) => Pem.Write("CERTIFICATE", certificate.Raw.Span);

    // As the RFC writes them: badRequest, noSupport.
    private static string Name(Enum value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
