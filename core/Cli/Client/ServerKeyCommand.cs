using System.CommandLine;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est serverkeygen</c>: a private key that the server makes, with its certificate.</summary>
internal sealed class ServerKeyCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly EnrollOptions wanted = new();
    private readonly KeyEncryption encryption = new(surroundings);

    public Command Build()
    {
        var command = new CliCommand(
            "serverkeygen",
            "Have the server make a private key, and get it with its certificate.")
        {
            Details = "For devices that cannot make good keys. The request carries a key of its own, which opens an encrypted private key and is "
                + "thrown away then. A private key that the server sends in the clear is protected by TLS alone.",
            Examples =
            [
                "kipuka est serverkeygen --url https://localhost:8443 --cacert kipuka-data/ca.pem --user device-1:PASSWORD \\",
                "    --subject CN=device-1 --key-type rsa-2048 --encrypted --out device-1",
            ],
        };
        options.AddTo(command);
        wanted.AddTo(command);
        encryption.AddTo(command);
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
        using var wish = encryption.Read(parsed);
        using var session = options.Open(parsed, cancel, wanted.Wait(parsed));
        var enrollment = new ServerKeyEnrollment(session, surroundings.FullPath(wanted.Prefix(parsed)), wish);
        var issued = await enrollment.RunAsync(subject ?? DistinguishedName.Empty, names, wanted.Type(parsed));
        EnrollReport.Write(parsed, options.Json, issued, enrollment.Files);
        return ExitCode.Done;
    }
}
