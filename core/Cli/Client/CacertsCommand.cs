using System.CommandLine;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est cacerts</c>.</summary>
internal sealed class CacertsCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly Option<string?> prefix = SharedOptions.Text("--out", "PREFIX", "Write the certificates to PREFIX.pem instead of printing them.");

    public Command Build()
    {
        var command = new CliCommand("cacerts", "Fetch the CA certificates that the server's certificates chain to.")
        {
            Examples = ["kipuka est cacerts --url https://localhost:8443 --cacert kipuka-data/ca.pem"],
        };
        options.AddTo(command);
        command.Add(prefix);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var session = options.Open(parsed, cancel);
        var certificates = (await session.Client.CaCertificatesAsync()).Select(CertificateText.Parse).ToList();
        var output = parsed.InvocationConfiguration.Output;
        var pem = string.Concat(certificates.Select(certificate => Pem.Write("CERTIFICATE", certificate.Raw.Span)));
        if (parsed.GetValue(prefix) is { } given)
        {
            NewFile.Write(surroundings.FullPath(given) + ".pem", pem, NewFile.Public);
            session.Tell($"Wrote {given}.pem");
        }
        if (parsed.GetValue(options.Json))
        {
            JsonText.Write(output, json =>
            {
                json.WriteStartArray();
                foreach (var certificate in certificates)
                {
                    json.WriteStartObject();
                    CertificateText.Write(json, certificate);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        }
        else if (parsed.GetValue(prefix) is null)
        {
            foreach (var certificate in certificates)
            {
                await output.WriteLineAsync($"subject: {certificate.Subject.Text}");
                await output.WriteLineAsync($"issuer: {certificate.Issuer.Text}");
                await output.WriteLineAsync($"sha256: {CertificateText.Fingerprint(certificate.Raw.Span)}");
                await output.WriteAsync(Pem.Write("CERTIFICATE", certificate.Raw.Span));
            }
        }
        return ExitCode.Done;
    }
}
