using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>Decides whether a chain leads from the client's certificate to an anchor, without ever opening a connection.</summary>
internal static class ChainJudge
{
    private const X509ChainStatusFlags TopOnly = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    /// <returns>Null when the chain holds, else why not.</returns>
    public static string? Refusal(PeerChain peer, IReadOnlyList<X509Certificate2> anchors, DateTimeOffset now, IssuerCache cache)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(peer, anchors, now) };
        // The answer of Build is not used: it speaks for the whole chain up to a root, here an intermediate CA may be the anchor.
        chain.Build(peer.Leaf);
        var elements = chain.ChainElements;
        var keep = 0;
        try
        {
            var top = FindAnchor(elements, anchors);
            var refusal = top < 0 ? "the client certificate is not issued under a trusted CA" : Fault(chain, top);
            keep = refusal is null ? top : 0;
            return refusal;
        }
        finally
        {
            for (var index = 0; index < elements.Count; index++)
            {
                var certificate = elements[index].Certificate;
                if (index == 0 || index >= keep || !cache.TryKeep(certificate))
                {
                    certificate.Dispose();
                }
            }
        }
    }

    private static X509ChainPolicy Policy(PeerChain peer, IReadOnlyList<X509Certificate2> anchors, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority,
            VerificationTime = now.UtcDateTime,
        };
        foreach (var anchor in anchors)
        {
            policy.CustomTrustStore.Add(anchor);
        }
        policy.ExtraStore.AddRange(peer.Further);
        return policy;
    }

    // By its bytes: a client may bring a certificate of the same name. The leaf itself is never the anchor.
    private static int FindAnchor(X509ChainElementCollection elements, IReadOnlyList<X509Certificate2> anchors)
    {
        for (var index = 1; index < elements.Count; index++)
        {
            if (PeerChain.IsOneOf(anchors, elements[index].Certificate.RawDataMemory.Span))
            {
                return index;
            }
        }
        return -1;
    }

    private static string? Fault(X509Chain chain, int top)
    {
        var elements = chain.ChainElements;
        var seen = X509ChainStatusFlags.NoError;
        for (var index = 0; index < elements.Count; index++)
        {
            var status = Flags(elements[index].ChainElementStatus);
            seen |= status;
            // The leaf's times were judged with the label's grace; an anchor needs no issuer; what stands above it is not asked.
            var ignored = index == 0 ? X509ChainStatusFlags.NotTimeValid : index == top ? TopOnly : X509ChainStatusFlags.NoError;
            if (index <= top && (status & ~ignored) != 0)
            {
                return $"the client certificate's chain does not hold: {status & ~ignored}";
            }
            if (index <= top && (!Strength.IsStrongKey(elements[index].Certificate)
                || (index < top && !Strength.IsStrongSignature(elements[index].Certificate))))
            {
                return "the client certificate's chain has a key or a signature that is too weak";
            }
        }
        var elsewhere = Flags(chain.ChainStatus) & ~seen & ~TopOnly;
        return elsewhere == 0 ? null : $"the client certificate's chain does not hold: {elsewhere}";
    }

    private static X509ChainStatusFlags Flags(X509ChainStatus[] statuses)
        => statuses.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
}
