using System.CommandLine;
using Kipuka.Est;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est renewal</c>: asks when a certificate is to be renewed, and renews it if that time has come.</summary>
internal sealed class RenewalCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);
    private readonly EnrollOptions wanted = new(optional: true);

    private readonly Option<bool> renew = new("--renew")
    {
        Description = "Renew the certificate if the time has come, as reenroll does; needs --key and --out.",
    };

    public Command Build()
    {
        var command = new CliCommand("renewal", "Ask when a certificate is to be renewed, and renew it if that time has come.")
        {
            Details = "The exit code is 0 whether the time has come or not; the answer says which. From a timer, run it with --renew.",
            Examples =
            [
                "kipuka est renewal --url https://localhost:8443 --cacert kipuka-data/ca.pem --cert device-1.pem",
                "kipuka est renewal --url https://localhost:8443 --cacert kipuka-data/ca.pem --cert device-1.pem --key device-1.key --renew --out device-1-new",
            ],
        };
        options.AddTo(command);
        command.Add(renew);
        wanted.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(options.Certificate) ?? throw CliException.Usage("which certificate? give --cert");
        var certificate = Read(file);
        var id = CertificateId.Of(certificate)
            ?? throw CliException.Usage($"--cert: {file} has no authority key identifier, so there is no name to ask for it by");
        var files = parsed.GetValue(renew) ? Files(parsed) : null;
        using var session = options.Open(parsed, cancel, wanted.Wait(parsed), certificateAlone: files is null);
        var advice = await session.Client.RenewalInfoAsync(id);
        var open = advice.Start <= session.Now;
        IssuedCertificate? issued = null;
        if (files is not null && open)
        {
            issued = await new Enrollment(session, files).RunAsync(
                "simplereenroll", wanted.Subject(parsed) ?? certificate.Subject, wanted.Names(parsed) ?? certificate.SubjectAltName, wanted.Type(parsed));
        }
        RenewalReport.Write(parsed.InvocationConfiguration.Output, parsed.GetValue(options.Json), advice, session.Now, issued, files);
        return ExitCode.Done;
    }

    private RequestFiles Files(ParseResult parsed) => options.HasKey(parsed)
        ? new RequestFiles(surroundings.FullPath(wanted.Prefix(parsed)))
        : throw CliException.Usage("a renewal is authenticated with the present certificate: give --key");

    private CertificateFields Read(string file)
    {
        try
        {
            return CertificateFields.Parse(CertificateFile.Read(surroundings, file, "--cert")[0]);
        }
        catch (MalformedException fault)
        {
            throw CliException.Usage($"--cert: {file}: {fault.Message}");
        }
    }
}
