using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Auth;

/// <summary>
/// Who may act for others (ruling 34): a certificate that chains to <c>[est.ra] trust_anchors</c> and has both id-kp-cmcRA and clientAuth.
/// Whether the certificate is the requester's, and not revoked, has been settled before.
/// </summary>
internal sealed class RaRights(IReadOnlyList<X509Certificate2> anchors, TimeProvider clock)
{
    private const X509ChainStatusFlags TopOnly = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    /// <exception cref="MalformedException">A file holds no certificate.</exception>
    public static RaRights From(RaConfig config, TimeProvider clock) => new(
        [.. (config.TrustAnchors ?? []).SelectMany(file => Pem.ReadCertificates(file.Bytes, file.Path)).Select(der => X509CertificateLoader.LoadCertificate(der.Span))],
        clock);

    /// <param name="certificate">The requester's.</param>
    /// <param name="beside">What came with it: mere material for a chain, the certificate itself may be among it.</param>
    public bool Has(CertificateFields certificate, IReadOnlyList<ReadOnlyMemory<byte>> beside)
    {
        // The usages must be spelled out: neither their absence nor anyExtendedKeyUsage makes a registration authority.
        if (anchors.Count == 0 || certificate.ExtKeyUsages is not { } usages || !usages.Contains(Oids.CmcRa) || !usages.Contains(Oids.ClientAuth))
        {
            return false;
        }
        List<X509Certificate2> loaded = [];
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificate(certificate.Raw.Span);
            loaded.AddRange(beside.Select(der => X509CertificateLoader.LoadCertificate(der.Span)));
            return Chains(leaf, loaded);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            loaded.ForEach(one => one.Dispose());
        }
    }

    private bool Chains(X509Certificate2 leaf, List<X509Certificate2> beside)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(anchors.ToArray());
        policy.ExtraStore.AddRange(beside.ToArray());
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        policy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        // The answer of Build is not used: it speaks for the whole chain up to a root, here an intermediate CA may be the anchor.
        chain.Build(leaf);
        var elements = chain.ChainElements.ToList();
        try
        {
            // The leaf itself is never the anchor.
            var top = elements.FindIndex(1, IsAnchor);
            return top > 0
                && !elements.Take(top + 1).Where((element, at) => (Flags(element.ChainElementStatus) & ~(at == top ? TopOnly : 0)) != 0).Any()
                && (Flags(chain.ChainStatus) & ~elements.Aggregate(TopOnly, (all, element) => all | Flags(element.ChainElementStatus))) == 0;
        }
        finally
        {
            elements.ForEach(element => element.Certificate.Dispose());
        }
    }

    // By its bytes: a client may bring a certificate of the same name.
    private bool IsAnchor(X509ChainElement element)
        => anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span));

    private static X509ChainStatusFlags Flags(X509ChainStatus[] statuses)
        => statuses.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
}
