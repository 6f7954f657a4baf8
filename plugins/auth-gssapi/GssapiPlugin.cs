using Kipuka.Plugins.AuthGssapi.Gss;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>Proves a user or computer by its Kerberos ticket (RFC 4559) and gives it the subject that is mapped to its principal.</summary>
public sealed class GssapiPlugin : Plugin<IAuthenticator, GssapiSettings>
{
    private const string NoLibrary = "The library libgssapi_krb5.so.2 of MIT Kerberos is not installed or too old (Debian: apt install libgssapi-krb5-2).";

    /// <inheritdoc />
    public override IEnumerable<SettingsProblem> Check(GssapiSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.Enabled)
        {
            return [];
        }
        IEnumerable<SettingsProblem> library = GssLibrary.IsPresent ? [] : [new SettingsProblem(null, NoLibrary)];
        return [.. library, .. ServiceRules.Problems(settings), .. PrincipalMap.From(settings).Problems];
    }

    /// <inheritdoc />
    public override ValueTask<IAuthenticator> StartAsync(GssapiSettings settings, IPluginHost host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(host);
        if (!settings.Enabled)
        {
            return ValueTask.FromResult<IAuthenticator>(new DisabledAuthenticator());
        }
        if (!GssLibrary.IsPresent)
        {
            throw new InvalidOperationException(NoLibrary);
        }
        var (principal, keytab) = (settings.ServicePrincipal!, settings.Keytab!.Path);
        try
        {
            GssCredential.Acquire(principal, keytab).Dispose();
        }
        catch (GssException fault)
        {
            throw new InvalidOperationException(
                $"The keytab {keytab} does not serve {principal}: {fault.Message}. Export the service's key into it, readable for the server's user.", fault);
        }
        var realms = settings.AllowedRealms ?? [PrincipalText.RealmOf(principal)];
        return ValueTask.FromResult<IAuthenticator>(
            new GssapiAuthenticator(() => new GssContext(GssCredential.Acquire(principal, keytab)), realms, PrincipalMap.From(settings), host.Clock));
    }
}
