namespace Kipuka.Cli.Client;

/// <summary>The server has not decided yet (RFC 7030 section 4.2.3); the same request again, later, may be answered otherwise.</summary>
internal sealed class PendingException(string message) : CliException(message, Cli.ExitCode.Pending);
