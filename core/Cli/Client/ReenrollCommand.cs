using System.CommandLine;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est reenroll</c>: a new certificate, and a new key, for one that is about to expire.</summary>
internal sealed class ReenrollCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly EnrollOptions wanted = new();

    public Command Build()
    {
        var command = new CliCommand(
            "reenroll",
            "Renew a certificate, with a new private key.")
        {
            Details = "The present certificate proves who you are. Without --subject and --san the new one has its names, as RFC 7030 wants it.",
            Examples = ["kipuka est reenroll --url https://localhost:8443 --cacert kipuka-data/ca.pem --cert device-1.pem --key device-1.key --out device-1-new"],
        };
        options.AddTo(command);
        wanted.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(options.Certificate) is null)
        {
            throw CliException.Usage("a renewal is authenticated with the present certificate: give --cert and --key");
        }
        var (subject, names, type) = (wanted.Subject(parsed), wanted.Names(parsed), wanted.Type(parsed));
        using var session = options.Open(parsed, cancel, wanted.Wait(parsed));
        var present = CertificateText.Parse(session.Identity!.Certificate.RawData);
        var files = new RequestFiles(surroundings.FullPath(wanted.Prefix(parsed)));
        var issued = await new Enrollment(session, files).RunAsync(
            "simplereenroll", subject ?? present.Subject, names ?? present.SubjectAltName, type);
        EnrollReport.Write(parsed, options.Json, issued, files);
        return ExitCode.Done;
    }
}
