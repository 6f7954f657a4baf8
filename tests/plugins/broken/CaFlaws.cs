using Kipuka.Sdk;
using Kipuka.Sdk.Ca;
using Kipuka.TestPlugins.Broken;

[assembly: KipukaPlugin("ca", "flawless", typeof(CaFlawless))]
[assembly: KipukaPlugin("ca", "no-settings", typeof(CaFlawSettings))]
[assembly: KipukaPlugin("ca", "no-start", typeof(CaFlawStart))]
[assembly: KipukaPlugin("ca", "no-start-beside", typeof(CaFlawStartBeside))]
[assembly: KipukaPlugin("ca", "no-certificates", typeof(CaFlawCertificates))]
[assembly: KipukaPlugin("ca", "no-issues", typeof(CaFlawIssues))]
[assembly: KipukaPlugin("ca", "no-serial", typeof(CaFlawSerial))]
[assembly: KipukaPlugin("ca", "no-issuer-name", typeof(CaFlawIssuerName))]
[assembly: KipukaPlugin("ca", "no-validity", typeof(CaFlawValidity))]
[assembly: KipukaPlugin("ca", "no-subject", typeof(CaFlawSubject))]
[assembly: KipukaPlugin("ca", "no-public-key", typeof(CaFlawPublicKey))]
[assembly: KipukaPlugin("ca", "no-extensions", typeof(CaFlawExtensions))]
[assembly: KipukaPlugin("ca", "no-authority-key-identifier", typeof(CaFlawAuthorityKeyIdentifier))]
[assembly: KipukaPlugin("ca", "no-signature", typeof(CaFlawSignature))]
[assembly: KipukaPlugin("ca", "no-chain", typeof(CaFlawChain))]
[assembly: KipukaPlugin("ca", "no-concurrency", typeof(CaFlawConcurrency))]
[assembly: KipukaPlugin("ca", "no-same-transaction", typeof(CaFlawSameTransaction))]
[assembly: KipukaPlugin("ca", "no-cancel", typeof(CaFlawCancel))]
[assembly: KipukaPlugin("ca", "no-refusal", typeof(CaFlawRefusal))]
[assembly: KipukaPlugin("ca", "no-outage", typeof(CaFlawOutage))]
[assembly: KipukaPlugin("ca", "no-pending", typeof(CaFlawPending))]
[assembly: KipukaPlugin("ca", "no-probe", typeof(CaFlawProbe))]
[assembly: KipukaPlugin("ca", "no-probe-makes-nothing", typeof(CaFlawProbeMakesNothing))]
[assembly: KipukaPlugin("ca", "no-random", typeof(CaFlawRandom))]
[assembly: KipukaPlugin("ca", "no-key-generation", typeof(CaFlawKeyGeneration))]
[assembly: KipukaPlugin("ca", "no-revocation", typeof(CaFlawRevocation))]
[assembly: KipukaPlugin("ca", "no-after-dispose", typeof(CaFlawAfterDispose))]
[assembly: KipukaPlugin("ca", "no-dispose", typeof(CaFlawDispose))]
[assembly: KipukaPlugin("ca", "no-unload", typeof(CaFlawUnload))]
[assembly: KipukaPlugin("ca", "no-secrets", typeof(CaFlawSecrets))]

namespace Kipuka.TestPlugins.Broken;

/// <summary>Plugins of the kind ca.</summary>
public abstract class CaFlawed(string flaw) : FlawedPlugin<ICertificateAuthority, BrokenCaSettings>(flaw)
{
    protected override Secret SecretOf(BrokenCaSettings settings) => settings.Key.Content;

    protected override ValueTask<ICertificateAuthority> MakeAsync(BrokenCaSettings settings, IPluginHost host, string flaw) => new(new FlawedAuthority(settings, flaw));
}

public sealed class CaFlawless() : CaFlawed("none");

public sealed class CaFlawSettings() : CaFlawed("settings");

public sealed class CaFlawStart() : CaFlawed("start");

public sealed class CaFlawStartBeside() : CaFlawed("start-beside");

public sealed class CaFlawCertificates() : CaFlawed("certificates");

public sealed class CaFlawIssues() : CaFlawed("issues");

public sealed class CaFlawSerial() : CaFlawed("serial");

public sealed class CaFlawIssuerName() : CaFlawed("issuer-name");

public sealed class CaFlawValidity() : CaFlawed("validity");

public sealed class CaFlawSubject() : CaFlawed("subject");

public sealed class CaFlawPublicKey() : CaFlawed("public-key");

public sealed class CaFlawExtensions() : CaFlawed("extensions");

public sealed class CaFlawAuthorityKeyIdentifier() : CaFlawed("authority-key-identifier");

public sealed class CaFlawSignature() : CaFlawed("signature");

public sealed class CaFlawChain() : CaFlawed("chain");

public sealed class CaFlawConcurrency() : CaFlawed("concurrency");

public sealed class CaFlawSameTransaction() : CaFlawed("same-transaction");

public sealed class CaFlawCancel() : CaFlawed("cancel");

public sealed class CaFlawRefusal() : CaFlawed("refusal");

public sealed class CaFlawOutage() : CaFlawed("outage");

public sealed class CaFlawPending() : CaFlawed("pending");

public sealed class CaFlawProbe() : CaFlawed("probe");

public sealed class CaFlawProbeMakesNothing() : CaFlawed("probe-makes-nothing");

public sealed class CaFlawRandom() : CaFlawed("random");

public sealed class CaFlawKeyGeneration() : CaFlawed("key-generation");

public sealed class CaFlawRevocation() : CaFlawed("revocation");

public sealed class CaFlawAfterDispose() : CaFlawed("after-dispose");

public sealed class CaFlawDispose() : CaFlawed("dispose");

public sealed class CaFlawUnload() : CaFlawed("unload");

public sealed class CaFlawSecrets() : CaFlawed("secrets");
