using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

[assembly: KipukaPlugin("ca", "plugin-1-name", typeof(Kipuka.Plugin_1.AuthorityPlugin))]

namespace Kipuka.Plugin_1;

/// <summary>A CA with its key in memory. Put your device or service where <see cref="Authority"/> signs.</summary>
public sealed class AuthorityPlugin : Plugin<ICertificateAuthority, AuthoritySettings>
{
    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(AuthoritySettings settings) => settings.CheckCertificates();

    /// <inheritdoc/>
    public override async ValueTask<ICertificateAuthority> StartAsync(AuthoritySettings settings, IPluginHost host, CancellationToken cancel)
    {
        var certificates = settings.LoadCertificates();
        var authority = new Authority(certificates, settings.LoadScheme(certificates.Issuer), settings.Key);
        try
        {
            // Proves that the key belongs to the certificate, before anybody relies on it.
            await authority.ProbeAsync(cancel);
            return authority;
        }
        catch
        {
            await authority.DisposeAsync();
            throw;
        }
    }
}
