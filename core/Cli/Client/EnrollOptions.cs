using System.CommandLine;
using Kipuka.Config.Binding;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>What to ask for and where to put it: the options of <c>enroll</c> and <c>reenroll</c>.</summary>
/// <param name="optional">Whether it may turn out that nothing is enrolled, so that not even <c>--out</c> is needed.</param>
internal sealed class EnrollOptions(bool optional = false)
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
        Required = !optional,
        Description = "Write the new private key to PREFIX.key (mode 0600) and the certificate to PREFIX.pem. Never overwrites.",
    };

    private readonly Option<string?> wait = SharedOptions.Text(
        "--wait", "DURATION", "How long to wait for a server that has to decide first, such as 90s, 15m or 7d. Without it, or after it: exit code 3.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { subject, names, keyType, prefix, wait })
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

    public string Prefix(ParseResult parsed) => parsed.GetValue(prefix) ?? throw CliException.Usage("--out: give the files a name");

    public TimeSpan Wait(ParseResult parsed) => parsed.GetValue(wait) is not { } text ? TimeSpan.Zero
        : Durations.TryParse(text, out var time) && time <= TimeSpan.FromDays(365) ? time
        : throw CliException.Usage($"--wait: {text} is no time such as 90s, 15m, 1h30m or 7d, a year at most");
}
