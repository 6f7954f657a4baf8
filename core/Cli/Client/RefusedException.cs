namespace Kipuka.Cli.Client;

/// <summary>The server has said no (4xx): the same request again would get the same answer.</summary>
internal sealed class RefusedException(string message) : CliException(message);
