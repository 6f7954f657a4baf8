using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>TLS as RFC 5425 wants it: the server's certificate is verified and its name compared; nothing is fetched for that.</summary>
internal sealed class TlsClient : IDisposable
{
    private readonly X509Certificate2Collection? anchors;
    private readonly ClientIdentity? identity;
    private readonly TimeProvider clock;

    private TlsClient(X509Certificate2Collection? anchors, ClientIdentity? identity, TimeProvider clock)
    {
        this.anchors = anchors;
        this.identity = identity;
        this.clock = clock;
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is wrong; the message names it and says what to do.</exception>
    public static TlsClient Load(AuditSyslogSettings settings, TimeProvider clock)
    {
        var anchors = settings.TrustAnchors is { } files ? TrustAnchors.Read(files) : null;
        var identity = settings is { Cert: { } cert, Key: { } key } ? ClientIdentity.Load(cert, key) : null;
        return new TlsClient(anchors, identity, clock);
    }

    /// <exception cref="AuthenticationException">The server is not the one, or refuses us; the message says why.</exception>
    public async Task<Stream> SecureAsync(Stream plain, string host, CancellationToken cancel)
    {
        string? refusal = null;
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = Policy(),
                ClientCertificateContext = identity?.Context,
                AllowRenegotiation = false,
                AllowTlsResume = false, // the platform keeps sessions in statics
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => (refusal = Refusal(certificate, chain, errors, host)) is null,
            }, cancel);
            return tls;
        }
        catch (AuthenticationException fault)
        {
            await tls.DisposeAsync();
            throw new AuthenticationException(refusal ?? $"TLS failed: {fault.GetBaseException().Message}", fault);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        identity?.Dispose();
        TrustAnchors.Dispose(anchors);
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = clock.GetUtcNow().UtcDateTime,
        };
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors);
        }
        return policy;
    }

    private static string? Refusal(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string host)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }
        if (certificate is null)
        {
            return "the server has no certificate";
        }
        var subject = certificate.Subject;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate {subject} is not for {host} (RFC 5425 section 5.2)";
        }
        var reasons = string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')).Distinct() ?? []);
        return $"the server's certificate {subject} is not trusted: {reasons}; see trust_anchors";
    }
}
