using Kipuka.Sdk;
using Kipuka.Sdk.Transport;
using Kipuka.TestPlugins.Broken;

[assembly: KipukaPlugin("transport", "flawless", typeof(TransportFlawless))]
[assembly: KipukaPlugin("transport", "no-settings", typeof(TransportFlawSettings))]
[assembly: KipukaPlugin("transport", "no-start", typeof(TransportFlawStart))]
[assembly: KipukaPlugin("transport", "no-start-beside", typeof(TransportFlawStartBeside))]
[assembly: KipukaPlugin("transport", "no-listens", typeof(TransportFlawListens))]
[assembly: KipukaPlugin("transport", "no-own-sockets", typeof(TransportFlawOwnSockets))]
[assembly: KipukaPlugin("transport", "no-requests", typeof(TransportFlawRequests))]
[assembly: KipukaPlugin("transport", "no-statuses", typeof(TransportFlawStatuses))]
[assembly: KipukaPlugin("transport", "no-contents", typeof(TransportFlawContents))]
[assembly: KipukaPlugin("transport", "no-parts", typeof(TransportFlawParts))]
[assembly: KipukaPlugin("transport", "no-written", typeof(TransportFlawWritten))]
[assembly: KipukaPlugin("transport", "no-not-written", typeof(TransportFlawNotWritten))]
[assembly: KipukaPlugin("transport", "no-disposes-answers", typeof(TransportFlawDisposesAnswers))]
[assembly: KipukaPlugin("transport", "no-concurrency", typeof(TransportFlawConcurrency))]
[assembly: KipukaPlugin("transport", "no-drain", typeof(TransportFlawDrain))]
[assembly: KipukaPlugin("transport", "no-unbind-cancel", typeof(TransportFlawUnbindCancel))]
[assembly: KipukaPlugin("transport", "no-port", typeof(TransportFlawPort))]
[assembly: KipukaPlugin("transport", "no-takeover", typeof(TransportFlawTakeover))]
[assembly: KipukaPlugin("transport", "no-cancel", typeof(TransportFlawCancel))]
[assembly: KipukaPlugin("transport", "no-after-dispose", typeof(TransportFlawAfterDispose))]
[assembly: KipukaPlugin("transport", "no-dispose", typeof(TransportFlawDispose))]
[assembly: KipukaPlugin("transport", "no-unload", typeof(TransportFlawUnload))]
[assembly: KipukaPlugin("transport", "no-secrets", typeof(TransportFlawSecrets))]

namespace Kipuka.TestPlugins.Broken;

/// <summary>Plugins of the kind transport.</summary>
public abstract class TransportFlawed(string flaw) : FlawedPlugin<ITransport, BrokenSettings>(flaw)
{
    protected override Secret SecretOf(BrokenSettings settings) => settings.Password;

    protected override ValueTask<ITransport> MakeAsync(BrokenSettings settings, IPluginHost host, string flaw) => new(new FlawedTransport(settings, flaw));
}

public sealed class TransportFlawless() : TransportFlawed("none");

public sealed class TransportFlawSettings() : TransportFlawed("settings");

public sealed class TransportFlawStart() : TransportFlawed("start");

public sealed class TransportFlawStartBeside() : TransportFlawed("start-beside");

public sealed class TransportFlawListens() : TransportFlawed("listens");

public sealed class TransportFlawOwnSockets() : TransportFlawed("own-sockets");

public sealed class TransportFlawRequests() : TransportFlawed("requests");

public sealed class TransportFlawStatuses() : TransportFlawed("statuses");

public sealed class TransportFlawContents() : TransportFlawed("contents");

public sealed class TransportFlawParts() : TransportFlawed("parts");

public sealed class TransportFlawWritten() : TransportFlawed("written");

public sealed class TransportFlawNotWritten() : TransportFlawed("not-written");

public sealed class TransportFlawDisposesAnswers() : TransportFlawed("disposes-answers");

public sealed class TransportFlawConcurrency() : TransportFlawed("concurrency");

public sealed class TransportFlawDrain() : TransportFlawed("drain");

public sealed class TransportFlawUnbindCancel() : TransportFlawed("unbind-cancel");

public sealed class TransportFlawPort() : TransportFlawed("port");

public sealed class TransportFlawTakeover() : TransportFlawed("takeover");

public sealed class TransportFlawCancel() : TransportFlawed("cancel");

public sealed class TransportFlawAfterDispose() : TransportFlawed("after-dispose");

public sealed class TransportFlawDispose() : TransportFlawed("dispose");

public sealed class TransportFlawUnload() : TransportFlawed("unload");

public sealed class TransportFlawSecrets() : TransportFlawed("secrets");
