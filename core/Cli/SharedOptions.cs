using System.CommandLine;

namespace Kipuka.Cli;

/// <summary>Options that mean the same wherever they occur. Each call makes a new one.</summary>
internal static class SharedOptions
{
    public static Option<string?> Config() => new("--config", "-c")
    {
        HelpName = "FILE",
        Description = "The configuration; without it ./kipuka.toml, then /etc/kipuka/kipuka.toml.",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts." };

    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };
}
