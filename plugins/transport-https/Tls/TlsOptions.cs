using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>How a listener speaks TLS: made once, the same object for every connection.</summary>
internal static class TlsOptions
{
    public static SslServerAuthenticationOptions Make(
        ServerCertificate certificate, IReadOnlyCollection<TlsCipherSuite> suites, bool only13, bool askClient, PresentedChains chains) => new()
    {
        ServerCertificateContext = certificate.Context,
        EnabledSslProtocols = only13 || suites.All(CipherSuites.IsTls13) ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
        AllowTlsResume = true,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        ClientCertificateRequired = askClient,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Offline(),
#pragma warning disable CA5359 // Accepts everything on purpose: the application judges what was presented, and answers 401 or 403.
        RemoteCertificateValidationCallback = chains.Capture,
#pragma warning restore CA5359
    };

    /// <summary>
    /// Builds a chain from what is at hand and trusts nobody. No certificate that a client sends may cause an outbound connection, and
    /// SslStream would fetch issuers, CRLs and OCSP answers that the certificate names.
    /// </summary>
    public static X509ChainPolicy Offline() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
