using System.Security.Authentication;
using Kipuka.Plugins.CaPkcs11.Commands;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;
using Microsoft.Extensions.Logging;

[assembly: KipukaPlugin("ca", "pkcs11", typeof(Kipuka.Plugins.CaPkcs11.Pkcs11CaPlugin), Tables = ["hsm"], ImpliedBy = ["hsm_slot", "key=pkcs11:*"])]

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A CA whose key lies in an HSM and is used through PKCS#11.</summary>
public sealed class Pkcs11CaPlugin : Plugin<ICertificateAuthority, Pkcs11CaSettings>, IPluginCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(Pkcs11CaSettings settings) => SettingsCheck.Of(settings);

    /// <inheritdoc/>
    public override async ValueTask<ICertificateAuthority> StartAsync(Pkcs11CaSettings settings, IPluginHost host, CancellationToken cancel)
    {
        var certificates = settings.LoadCertificates();
        var scheme = settings.LoadScheme(certificates.Issuer);
        var name = KeyName.Of(settings);
        var mechanism = SignatureMechanism.For(scheme, certificates.Issuer.PublicKey, (uint?)settings.Mechanism);
        var path = settings.Library!.Value.FullPath;
        var module = await OwnThread.RunAsync(() => Module.Load(path, host.Clock), cancel);
        var opener = new KeyOpener(module, name.Token, name.Key, new PinSource(settings), mechanism, scheme.CanVerify ? null : certificates.Issuer.PublicKey);
        var sessions = await InspectAsync(opener, settings.MaxSessions, host.Clock, cancel);
        var user = new KeyUser(opener, host.Logger);
        var pool = new SessionPool(user, sessions, host.Clock);
        HardwareKeyLocation Locate() => name.In(path, opener.Found);
        var authority = settings.HsmRandom ? new RandomHsmAuthority(certificates, scheme, pool, Locate) : new HsmAuthority(certificates, scheme, pool, Locate);
        try
        {
            var trail = new KeyTrail(host, certificates.Issuer, path);
            if (await ProveAsync(authority, host, path, cancel))
            {
                await trail.LoadedAsync(cancel);
            }
            else
            {
                _ = trail.LoadedLaterAsync(user.Begun);
            }
            user.Speak();
            return authority;
        }
        catch
        {
            await authority.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask RunAsync(PluginCommandCall call, CancellationToken cancel)
        => await OwnThread.RunAsync(
            () =>
            {
                HsmCommands.Run(call);
                return true;
            },
            cancel);

    // A module may take long to begin, or never come back: not on a thread that others need.
    private static async Task<int> InspectAsync(KeyOpener opener, int wanted, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return (int)Math.Min((ulong)wanted, await OwnThread.RunAsync(opener.Inspect, cancel).WaitAsync(Patience, clock, cancel));
        }
        catch (Exception fault) when (fault is CryptokiException or TimeoutException or HsmException { IsSetup: false })
        {
            return wanted; // the proof says what is wrong
        }
    }

    // A wrong configuration does not start; an HSM that is away may come back (ruling 54), and health says so meanwhile.
    private static async Task<bool> ProveAsync(HsmAuthority authority, IPluginHost host, string path, CancellationToken cancel)
    {
        try
        {
            await authority.ProbeAsync(cancel).AsTask().WaitAsync(Patience, host.Clock, cancel);
            if (authority is RandomHsmAuthority random)
            {
                await random.ProveRandomAsync(cancel).WaitAsync(Patience, host.Clock, cancel);
            }
            return true;
        }
        catch (AuthorityUnavailableException fault) when (fault.InnerException is HsmException { IsSetup: true } setup)
        {
            // A supervisor that started the server again and again would lock the token.
            throw setup is PinException ? new InvalidCredentialException(setup.Message, setup) : setup;
        }
        catch (AuthorityUnavailableException fault) when (fault.InnerException is KeyExportException export)
        {
            throw new KeyExportException(export.Message + Providers.Hint(path), export);
        }
        catch (Exception fault) when (fault is TimeoutException || (fault is AuthorityUnavailableException && MayGetBetter(fault.InnerException)))
        {
            host.Logger.LogWarning("The HSM cannot be used yet; the CA begins when it can: {Reason}{Hint}", fault.Message, Providers.Hint(path));
            return false;
        }
    }

    private static bool MayGetBetter(Exception? fault) => fault is HsmException || (fault is CryptokiException { Code: var code } && !ReturnCode.IsFinal(code));
}
