using System.CommandLine;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est enroll</c>: a first certificate.</summary>
internal sealed class EnrollCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly EnrollOptions wanted = new();

    public Command Build()
    {
        var command = new CliCommand(
            "enroll",
            "Make a private key and get a certificate for it.")
        {
            Details = "Prove who you are with --user (a one-time password) or with --cert and --key. If the server has not decided in time, the "
                + "same command again asks with the same key and the very same request; --wait does that by itself.",
            Examples =
            [
                "kipuka est enroll --url https://localhost:8443 --cacert kipuka-data/ca.pem --user device-1:PASSWORD \\",
                "    --subject CN=device-1 --san device-1.example.com --out device-1",
            ],
        };
        options.AddTo(command);
        wanted.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (subject, names) = (wanted.Subject(parsed), wanted.Names(parsed));
        if (subject is null && names is null)
        {
            throw CliException.Usage("nothing to ask for: give --subject or --san, or both");
        }
        var type = wanted.Type(parsed);
        using var session = options.Open(parsed, cancel, wanted.Wait(parsed));
        var files = new RequestFiles(surroundings.FullPath(wanted.Prefix(parsed)));
        var issued = await new Enrollment(session, files).RunAsync("simpleenroll", subject ?? DistinguishedName.Empty, names, type);
        EnrollReport.Write(parsed, options.Json, issued, files);
        return ExitCode.Done;
    }
}
