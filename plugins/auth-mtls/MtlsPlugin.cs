using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>Proves a client by the certificate of its TLS handshake (RFC 7030 section 3.3.2).</summary>
public sealed class MtlsPlugin : Plugin<IAuthenticator, MtlsSettings>
{
    /// <inheritdoc />
    public override IEnumerable<SettingsProblem> Check(MtlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Mode != ClientAuthMode.None && settings.TrustAnchors.Count == 0)
        {
            yield return new SettingsProblem(
                "trust_anchors",
                "Name at least one file of CA certificates under which client certificates are accepted, or set mode = \"none\".");
        }
        foreach (var file in settings.TrustAnchors)
        {
            if (Fault(file) is { } fault)
            {
                yield return new SettingsProblem("trust_anchors", fault);
            }
        }
    }

    /// <inheritdoc />
    public override ValueTask<IAuthenticator> StartAsync(MtlsSettings settings, IPluginHost host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(host);
        List<X509Certificate2> anchors = settings.Mode == ClientAuthMode.None
            ? []
            : [.. settings.TrustAnchors.SelectMany(AnchorFile.Read).DistinctBy(anchor => anchor.Thumbprint)];
        return ValueTask.FromResult<IAuthenticator>(new MtlsAuthenticator(settings, anchors, host));
    }

    private static string? Fault(SettingsFile file)
    {
        try
        {
            foreach (var anchor in AnchorFile.Read(file))
            {
                anchor.Dispose();
            }
            return null;
        }
        catch (CryptographicException fault)
        {
            return fault.Message;
        }
    }
}
