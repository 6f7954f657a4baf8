using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.TestPlugins.Broken;

[assembly: KipukaPlugin("audit", "flawless", typeof(AuditFlawless))]
[assembly: KipukaPlugin("audit", "no-settings", typeof(AuditFlawSettings))]
[assembly: KipukaPlugin("audit", "no-start", typeof(AuditFlawStart))]
[assembly: KipukaPlugin("audit", "no-start-beside", typeof(AuditFlawStartBeside))]
[assembly: KipukaPlugin("audit", "no-sizes", typeof(AuditFlawSizes))]
[assembly: KipukaPlugin("audit", "no-missing-values", typeof(AuditFlawMissingValues))]
[assembly: KipukaPlugin("audit", "no-unicode", typeof(AuditFlawUnicode))]
[assembly: KipukaPlugin("audit", "no-complete", typeof(AuditFlawComplete))]
[assembly: KipukaPlugin("audit", "no-order", typeof(AuditFlawOrder))]
[assembly: KipukaPlugin("audit", "no-again", typeof(AuditFlawAgain))]
[assembly: KipukaPlugin("audit", "no-two-instances", typeof(AuditFlawTwoInstances))]
[assembly: KipukaPlugin("audit", "no-outage", typeof(AuditFlawOutage))]
[assembly: KipukaPlugin("audit", "no-cancel", typeof(AuditFlawCancel))]
[assembly: KipukaPlugin("audit", "no-probe", typeof(AuditFlawProbe))]
[assembly: KipukaPlugin("audit", "no-after-dispose", typeof(AuditFlawAfterDispose))]
[assembly: KipukaPlugin("audit", "no-dispose", typeof(AuditFlawDispose))]
[assembly: KipukaPlugin("audit", "no-unload", typeof(AuditFlawUnload))]
[assembly: KipukaPlugin("audit", "no-secrets", typeof(AuditFlawSecrets))]

namespace Kipuka.TestPlugins.Broken;

/// <summary>Plugins of the kind audit.</summary>
public abstract class AuditFlawed(string flaw) : FlawedPlugin<IAuditSink, BrokenSettings>(flaw)
{
    protected override Secret SecretOf(BrokenSettings settings) => settings.Password;

    protected override ValueTask<IAuditSink> MakeAsync(BrokenSettings settings, IPluginHost host, string flaw) => new(new FlawedSink(settings, flaw));
}

public sealed class AuditFlawless() : AuditFlawed("none");

public sealed class AuditFlawSettings() : AuditFlawed("settings");

public sealed class AuditFlawStart() : AuditFlawed("start");

public sealed class AuditFlawStartBeside() : AuditFlawed("start-beside");

public sealed class AuditFlawSizes() : AuditFlawed("sizes");

public sealed class AuditFlawMissingValues() : AuditFlawed("missing-values");

public sealed class AuditFlawUnicode() : AuditFlawed("unicode");

public sealed class AuditFlawComplete() : AuditFlawed("complete");

public sealed class AuditFlawOrder() : AuditFlawed("order");

public sealed class AuditFlawAgain() : AuditFlawed("again");

public sealed class AuditFlawTwoInstances() : AuditFlawed("two-instances");

public sealed class AuditFlawOutage() : AuditFlawed("outage");

public sealed class AuditFlawCancel() : AuditFlawed("cancel");

public sealed class AuditFlawProbe() : AuditFlawed("probe");

public sealed class AuditFlawAfterDispose() : AuditFlawed("after-dispose");

public sealed class AuditFlawDispose() : AuditFlawed("dispose");

public sealed class AuditFlawUnload() : AuditFlawed("unload");

public sealed class AuditFlawSecrets() : AuditFlawed("secrets");
