using System.CommandLine;

namespace Kipuka.Cli.Auditing;

/// <summary>The filters of /admin/audit as options. The server judges what they say.</summary>
internal sealed class FilterOptions
{
    private readonly (string Parameter, Option<string?> Option)[] all =
    [
        ("action", SharedOptions.Text("--action", "WORDS", "enroll, reenroll, serverkeygen, revoke, otp_generate, otp_use, renew, reject; several with commas.")),
        ("event", SharedOptions.Text("--event", "NAMES", "Names such as cert.issued, globs such as 'auth.*', NIAP names; several with commas.")),
        ("subject", SharedOptions.Text("--subject", "TEXT", "A part of the certificate's subject.")),
        ("actor", SharedOptions.Text("--actor", "TEXT", "A part of who caused it, such as otp:device-7.")),
        ("ca", SharedOptions.Text("--ca", "ID", "The CA.")),
        ("label", SharedOptions.Text("--label", "NAME", "The EST label.")),
        ("serial", SharedOptions.Text("--serial", "HEX", "The certificate's serial number.")),
        ("source", SharedOptions.Text("--source", "ADDRESS", "Where it came from.")),
        ("outcome", SharedOptions.Text("--outcome", "OUTCOME", "success or failure.")),
        ("node", SharedOptions.Text("--node", "NAME", "The node that wrote it.")),
        ("start", SharedOptions.Text("--start", "TIME", "From this time (ISO 8601) or day on.")),
        ("end", SharedOptions.Text("--end", "TIME", "Before this time, or to the end of this day.")),
    ];

    public void AddTo(Command command)
    {
        foreach (var (_, option) in all)
        {
            command.Add(option);
        }
    }

    /// <summary>The parameters with their values; null for those that were not given.</summary>
    public IReadOnlyList<(string Name, string? Value)> Given(ParseResult parsed) => [.. all.Select(one => (one.Parameter, parsed.GetValue(one.Option)))];

    /// <summary>The query that the options make.</summary>
    public string Query(ParseResult parsed)
    {
        var given = Given(parsed).Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
