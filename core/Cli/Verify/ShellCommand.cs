using System.Diagnostics;

namespace Kipuka.Cli.Verify;

/// <summary>Runs a command line that the operator wrote.</summary>
internal static class ShellCommand
{
    public static async ValueTask RunAsync(string command, string folder, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder })
            ?? throw new CliException("/bin/sh does not start");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new CliException($"the command \"{command}\" ended with {process.ExitCode}");
        }
    }
}
