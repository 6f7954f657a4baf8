namespace Kipuka.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The command line or kipuka.toml is wrong: nothing was started.</summary>
    public const int BadUsage = 2;

    /// <summary>The server has not decided yet: the same command again, later.</summary>
    public const int Pending = 3;
}
