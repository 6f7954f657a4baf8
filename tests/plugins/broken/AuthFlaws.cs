using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.TestPlugins.Broken;

[assembly: KipukaPlugin("auth", "flawless", typeof(AuthFlawless))]
[assembly: KipukaPlugin("auth", "no-settings", typeof(AuthFlawSettings))]
[assembly: KipukaPlugin("auth", "no-start", typeof(AuthFlawStart))]
[assembly: KipukaPlugin("auth", "no-start-beside", typeof(AuthFlawStartBeside))]
[assembly: KipukaPlugin("auth", "no-no-credential", typeof(AuthFlawNoCredential))]
[assembly: KipukaPlugin("auth", "no-foreign-scheme", typeof(AuthFlawForeignScheme))]
[assembly: KipukaPlugin("auth", "no-garbage", typeof(AuthFlawGarbage))]
[assembly: KipukaPlugin("auth", "no-garbage-certificates", typeof(AuthFlawGarbageCertificates))]
[assembly: KipukaPlugin("auth", "no-accepts", typeof(AuthFlawAccepts))]
[assembly: KipukaPlugin("auth", "no-altered", typeof(AuthFlawAltered))]
[assembly: KipukaPlugin("auth", "no-identity", typeof(AuthFlawIdentity))]
[assembly: KipukaPlugin("auth", "no-store-fault", typeof(AuthFlawStoreFault))]
[assembly: KipukaPlugin("auth", "no-concurrency", typeof(AuthFlawConcurrency))]
[assembly: KipukaPlugin("auth", "no-cancel", typeof(AuthFlawCancel))]
[assembly: KipukaPlugin("auth", "no-one-time-hold", typeof(AuthFlawOneTimeHold))]
[assembly: KipukaPlugin("auth", "no-one-time-exclusive", typeof(AuthFlawOneTimeExclusive))]
[assembly: KipukaPlugin("auth", "no-one-time-race", typeof(AuthFlawOneTimeRace))]
[assembly: KipukaPlugin("auth", "no-one-time-release", typeof(AuthFlawOneTimeRelease))]
[assembly: KipukaPlugin("auth", "no-one-time-spend", typeof(AuthFlawOneTimeSpend))]
[assembly: KipukaPlugin("auth", "no-one-time-spend-again", typeof(AuthFlawOneTimeSpendAgain))]
[assembly: KipukaPlugin("auth", "no-one-time-lapse", typeof(AuthFlawOneTimeLapse))]
[assembly: KipukaPlugin("auth", "no-one-time-restart", typeof(AuthFlawOneTimeRestart))]
[assembly: KipukaPlugin("auth", "no-after-dispose", typeof(AuthFlawAfterDispose))]
[assembly: KipukaPlugin("auth", "no-dispose", typeof(AuthFlawDispose))]
[assembly: KipukaPlugin("auth", "no-unload", typeof(AuthFlawUnload))]
[assembly: KipukaPlugin("auth", "no-secrets", typeof(AuthFlawSecrets))]

namespace Kipuka.TestPlugins.Broken;

/// <summary>Plugins of the kind auth.</summary>
public abstract class AuthFlawed(string flaw) : FlawedPlugin<IAuthenticator, BrokenSettings>(flaw)
{
    protected override Secret SecretOf(BrokenSettings settings) => settings.Password;

    protected override async ValueTask<IAuthenticator> MakeAsync(BrokenSettings settings, IPluginHost host, string flaw)
    {
        var service = new FlawedAuthenticator(host, flaw);
        if (flaw == "one-time-restart")
        {
            await service.ForgetHoldsAsync(CancellationToken.None);
        }
        return service;
    }
}

public sealed class AuthFlawless() : AuthFlawed("none");

public sealed class AuthFlawSettings() : AuthFlawed("settings");

public sealed class AuthFlawStart() : AuthFlawed("start");

public sealed class AuthFlawStartBeside() : AuthFlawed("start-beside");

public sealed class AuthFlawNoCredential() : AuthFlawed("no-credential");

public sealed class AuthFlawForeignScheme() : AuthFlawed("foreign-scheme");

public sealed class AuthFlawGarbage() : AuthFlawed("garbage");

public sealed class AuthFlawGarbageCertificates() : AuthFlawed("garbage-certificates");

public sealed class AuthFlawAccepts() : AuthFlawed("accepts");

public sealed class AuthFlawAltered() : AuthFlawed("altered");

public sealed class AuthFlawIdentity() : AuthFlawed("identity");

public sealed class AuthFlawStoreFault() : AuthFlawed("store-fault");

public sealed class AuthFlawConcurrency() : AuthFlawed("concurrency");

public sealed class AuthFlawCancel() : AuthFlawed("cancel");

public sealed class AuthFlawOneTimeHold() : AuthFlawed("one-time-hold");

public sealed class AuthFlawOneTimeExclusive() : AuthFlawed("one-time-exclusive");

public sealed class AuthFlawOneTimeRace() : AuthFlawed("one-time-race");

public sealed class AuthFlawOneTimeRelease() : AuthFlawed("one-time-release");

public sealed class AuthFlawOneTimeSpend() : AuthFlawed("one-time-spend");

public sealed class AuthFlawOneTimeSpendAgain() : AuthFlawed("one-time-spend-again");

public sealed class AuthFlawOneTimeLapse() : AuthFlawed("one-time-lapse");

public sealed class AuthFlawOneTimeRestart() : AuthFlawed("one-time-restart");

public sealed class AuthFlawAfterDispose() : AuthFlawed("after-dispose");

public sealed class AuthFlawDispose() : AuthFlawed("dispose");

public sealed class AuthFlawUnload() : AuthFlawed("unload");

public sealed class AuthFlawSecrets() : AuthFlawed("secrets");
