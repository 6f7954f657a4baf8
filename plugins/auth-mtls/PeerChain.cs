using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>The certificates of one handshake, parsed: the client's own, and the further ones as mere material for a chain.</summary>
internal sealed class PeerChain : IDisposable
{
    private const int MostCertificates = 10;
    private const int MostBytes = 64 * 1024;

    private readonly List<X509Certificate2> owned = [];

    private PeerChain(X509Certificate2 leaf)
    {
        Leaf = leaf;
        owned.Add(leaf);
    }

    public X509Certificate2 Leaf { get; }

    public X509Certificate2Collection Further { get; } = [];

    /// <summary>Whether there is more than an honest client sends.</summary>
    public static bool IsTooLarge(IReadOnlyList<ReadOnlyMemory<byte>> certificates)
        => certificates.Count > MostCertificates || certificates.Sum(der => (long)der.Length) > MostBytes;

    /// <exception cref="CryptographicException">One of them is no DER certificate.</exception>
    public static PeerChain Read(
        IReadOnlyList<ReadOnlyMemory<byte>> certificates, IReadOnlyList<X509Certificate2> anchors, IssuerCache cache)
    {
        var chain = new PeerChain(Parse(certificates[0].Span));
        try
        {
            foreach (var der in certificates.Skip(1).Where(der => !IsOneOf(anchors, der.Span)))
            {
                chain.Further.Add(cache.Find(der.Span) ?? chain.Own(Parse(der.Span)));
            }
            return chain;
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    public static bool IsOneOf(IReadOnlyList<X509Certificate2> anchors, ReadOnlySpan<byte> der)
    {
        // A loop, not LINQ: a span cannot be captured.
        foreach (var anchor in anchors)
        {
            if (anchor.RawDataMemory.Span.SequenceEqual(der))
            {
                return true;
            }
        }
        return false;
    }

    public void Dispose() => owned.ForEach(certificate => certificate.Dispose());

    private X509Certificate2 Own(X509Certificate2 certificate)
    {
        owned.Add(certificate);
        return certificate;
    }

    // The loader also takes PEM and trailing bytes; the fingerprint that names the client must be of exactly what was presented.
    private static X509Certificate2 Parse(ReadOnlySpan<byte> der)
    {
        var certificate = X509CertificateLoader.LoadCertificate(der);
        if (certificate.RawDataMemory.Span.SequenceEqual(der))
        {
            return certificate;
        }
        certificate.Dispose();
        throw new CryptographicException("A certificate of the handshake is not plain DER.");
    }
}
