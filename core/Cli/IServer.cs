namespace Kipuka.Cli;

/// <summary>The server, as a command starts it. Implemented where everything is composed.</summary>
internal interface IServer
{
    /// <summary>Runs until it is told to stop (SIGTERM, SIGINT, <paramref name="stop"/>), then drains.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="ready">Called once clients can connect; null when nobody wants to know. A fault of it stops the server.</param>
    /// <param name="stop">Stops the server.</param>
    /// <returns>0 after a clean stop, 1 when it failed, 2 when the configuration is wrong (said on standard error).</returns>
    Task<int> RunAsync(ServerOptions options, Func<CancellationToken, Task>? ready, CancellationToken stop);
}

/// <summary>What a command says about the run.</summary>
/// <param name="ConfigFile">The path of kipuka.toml.</param>
/// <param name="JsonLog">JSON lines instead of readable text.</param>
internal sealed record ServerOptions(string ConfigFile, bool JsonLog);
