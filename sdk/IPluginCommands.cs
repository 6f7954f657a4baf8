namespace Kipuka.Sdk;

/// <summary>A plugin's class that carries out the commands its assembly declares with <see cref="PluginCommandAttribute"/>.</summary>
public interface IPluginCommands
{
    /// <summary>Carries out one command. No service of the plugin runs, and none is started.</summary>
    /// <remarks>Throw to refuse or to fail: the message is shown to the operator, and the process ends with exit code 1.</remarks>
    ValueTask RunAsync(PluginCommandCall call, CancellationToken cancel);
}
