namespace Kipuka.Cli;

/// <summary>A command cannot do what it was asked to. The message is all that is shown: what was wrong, where, and what to do.</summary>
internal class CliException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>The command line or a file it names is wrong.</summary>
    public static CliException Usage(string message) => new(message, Cli.ExitCode.BadUsage);
}
