using System.CommandLine;

namespace Kipuka.Cli.Client;

/// <summary>The options that every EST command takes, and the client they ask for.</summary>
internal sealed class EstOptions(Surroundings surroundings)
{
    private readonly Option<string> url = new("--url")
    {
        HelpName = "URL",
        Required = true,
        Description = "The server, as https://est.example.com:8443; a path other than /.well-known/est is taken as it is.",
    };

    private readonly Option<string?> label = SharedOptions.Text("--label", "LABEL", "The label (a profile of the server) in the path.");

    private readonly Option<string?> cacert = SharedOptions.Text(
        "--cacert", "FILE", "CA certificates (PEM or DER) that the server's certificate must chain to; without it those of the system.");

    private readonly Option<string?> user = SharedOptions.Text(
        "--user", "NAME:PASSWORD",
        $"HTTP Basic. With NAME alone the password comes from --password-file or the variable {BasicCredential.PasswordVariable}, unseen by other users.");

    private readonly Option<string?> passwordFile = SharedOptions.Text("--password-file", "FILE", "A file whose first line is the password.");

    private readonly Option<string?> cert = SharedOptions.Text("--cert", "FILE", "The client certificate, with intermediates behind it if it has any.");

    private readonly Option<string?> key = SharedOptions.Text("--key", "FILE", "Its private key, PEM.");

    private readonly Option<int> timeout = Timeout();

    public Option<bool> Json { get; } = SharedOptions.Json();

    public Option<string?> Certificate => cert;

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { url, label, cacert, user, passwordFile, cert, key, timeout, Json })
        {
            command.Add(option);
        }
    }

    public bool HasKey(ParseResult parsed) => parsed.GetValue(key) is not null;

    /// <summary>Opens the client that the options describe. Notes go to standard error.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="patience">How long to wait for a server that has not decided.</param>
    /// <param name="certificateAlone">Whether a certificate without its key is fine; then it is not shown to the server.</param>
    public EstSession Open(ParseResult parsed, CancellationToken cancel, TimeSpan patience = default, bool certificateAlone = false)
    {
        var address = EstAddress.Parse(parsed.GetRequiredValue(url), parsed.GetValue(label));
        var basic = BasicCredential.Parse(surroundings, parsed.GetValue(user), parsed.GetValue(passwordFile));
        var anchors = CertificateFile.ReadAnchors(surroundings, parsed.GetValue(cacert));
        var identity = certificateAlone && !HasKey(parsed) ? null : ClientIdentity.ReadIfGiven(surroundings, parsed.GetValue(cert), parsed.GetValue(key));
        var deadline = new Deadline(TimeSpan.FromSeconds(parsed.GetValue(timeout)), surroundings.Clock, cancel);
        return new EstSession(address, anchors, basic, identity, deadline, patience, parsed.InvocationConfiguration.Error.WriteLine);
    }

    private static Option<int> Timeout()
    {
        var option = new Option<int>("--timeout")
        {
            HelpName = "SECONDS",
            Description = "How long all of it may take, waiting for a busy server included.",
            DefaultValueFactory = _ => 60,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var seconds) && seconds is < 1 or > 604800)
            {
                result.AddError("--timeout must be from 1 to 604800 seconds.");
            }
        });
        return option;
    }
}
