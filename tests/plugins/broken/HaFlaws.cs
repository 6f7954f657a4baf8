using Kipuka.Sdk;
using Kipuka.Sdk.Ha;
using Kipuka.TestPlugins.Broken;

[assembly: KipukaPlugin("ha", "flawless", typeof(HaFlawless))]
[assembly: KipukaPlugin("ha", "no-settings", typeof(HaFlawSettings))]
[assembly: KipukaPlugin("ha", "no-start", typeof(HaFlawStart))]
[assembly: KipukaPlugin("ha", "no-start-beside", typeof(HaFlawStartBeside))]
[assembly: KipukaPlugin("ha", "no-selection", typeof(HaFlawSelection))]
[assembly: KipukaPlugin("ha", "no-extremes", typeof(HaFlawExtremes))]
[assembly: KipukaPlugin("ha", "no-pure", typeof(HaFlawPure))]
[assembly: KipukaPlugin("ha", "no-concurrency", typeof(HaFlawConcurrency))]
[assembly: KipukaPlugin("ha", "no-dispose", typeof(HaFlawDispose))]
[assembly: KipukaPlugin("ha", "no-unload", typeof(HaFlawUnload))]
[assembly: KipukaPlugin("ha", "no-secrets", typeof(HaFlawSecrets))]

namespace Kipuka.TestPlugins.Broken;

/// <summary>Plugins of the kind ha.</summary>
public abstract class HaFlawed(string flaw) : FlawedPlugin<IHaStrategy, BrokenSettings>(flaw)
{
    protected override Secret SecretOf(BrokenSettings settings) => settings.Password;

    protected override ValueTask<IHaStrategy> MakeAsync(BrokenSettings settings, IPluginHost host, string flaw) => new(new FlawedStrategy(flaw));
}

public sealed class HaFlawless() : HaFlawed("none");

public sealed class HaFlawSettings() : HaFlawed("settings");

public sealed class HaFlawStart() : HaFlawed("start");

public sealed class HaFlawStartBeside() : HaFlawed("start-beside");

public sealed class HaFlawSelection() : HaFlawed("selection");

public sealed class HaFlawExtremes() : HaFlawed("extremes");

public sealed class HaFlawPure() : HaFlawed("pure");

public sealed class HaFlawConcurrency() : HaFlawed("concurrency");

public sealed class HaFlawDispose() : HaFlawed("dispose");

public sealed class HaFlawUnload() : HaFlawed("unload");

public sealed class HaFlawSecrets() : HaFlawed("secrets");
