using System.Text.RegularExpressions;

namespace Kipuka.Config.Checks;

/// <summary><c>[plugins]</c>.</summary>
internal static partial class PluginChecks
{
    public static void Run(CheckReport report, PluginsConfig plugins)
    {
        foreach (var (folder, pin) in plugins.Pins)
        {
            if (!Pin().IsMatch(pin))
            {
                report.Fail("bad-value", $"plugins.pins.{folder}", "must be sha256: and 64 hex digits in lower case, as kipuka plugin hash prints them");
            }
        }
        if (plugins.Unpinned)
        {
            report.Warn("unpinned", "plugins.unpinned", "lets whatever lies in a plugin directory run in this server; pin what you need, and remove it");
        }
    }

    [GeneratedRegex("^sha256:[0-9a-f]{64}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pin();
}
