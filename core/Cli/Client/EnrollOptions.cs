using System.CommandLine;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>What to ask for and where to put it: the options of <c>enroll</c> and <c>reenroll</c>.</summary>
internal sealed class EnrollOptions
{
    private readonly Option<string?> subject = SharedOptions.Text("--subject", "NAME", "The subject, as CN=device-1,O=Example or /CN=device-1/O=Example.");

    private readonly Option<string[]> names = new("--san")
    {
        HelpName = "NAME",
        Description = "A subject alternative name: DNS:x, IP:x, email:x or URI:x; bare, an IP address or a DNS name. May be given several times.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> keyType = new("--key-type")
    {
        HelpName = "TYPE",
        Description = $"The new key: {string.Join(", ", KeyType.Supported)}.",
        DefaultValueFactory = _ => KeyType.EcdsaP256.Name,
    };

    private readonly Option<string> prefix = new("--out")
    {
        HelpName = "PREFIX",
        Required = true,
        Description = "Write the new private key to PREFIX.key (mode 0600) and the certificate to PREFIX.pem. Never overwrites.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { subject, names, keyType, prefix })
        {
            command.Add(option);
        }
    }

    public DistinguishedName? Subject(ParseResult parsed) => parsed.GetValue(subject) is { } text ? RequestedName.Subject(text) : null;

    public GeneralNames? Names(ParseResult parsed) => parsed.GetValue(names) is { Length: > 0 } texts
        ? new GeneralNames(texts.Select(RequestedName.AlternativeName))
        : null;

    public KeyType Type(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(keyType);
        return KeyType.TryParse(text, out var type) && KeyType.Supported.Contains(type)
            ? type
            : throw CliException.Usage($"--key-type: {text} is none of those that this machine can make: {string.Join(", ", KeyType.Supported)}");
    }

    public string Prefix(ParseResult parsed) => parsed.GetRequiredValue(prefix);
}
