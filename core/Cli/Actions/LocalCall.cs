using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Cli.Actions;

/// <summary>What a plugin's command sees of the command line and of the configuration.</summary>
internal sealed class LocalCall(
    string command, IReadOnlyDictionary<string, string> options, Surroundings surroundings, TextWriter output, TextWriter error) : PluginCommandCall
{
    public override string Command => command;

    public override IReadOnlyDictionary<string, string> Options => options;

    public override string Folder => surroundings.Folder;

    public override TimeProvider Clock => surroundings.Clock;

    public override TextWriter Output => output;

    public override TextWriter Error => error;

    public override T Configured<T>(string table)
        => FindConfig.Path(options.GetValueOrDefault("config"), surroundings.Folder) is { } file ? new ConfigTables(surroundings, file).Bind<T>(table) : new T();
}
