using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Config;

/// <summary>The certificate and key that sign messages to clients: <c>[est.cmc] cert</c> and <c>key</c>, or else the pair of <c>[tls]</c> (ruling 43).</summary>
internal static class SigningPair
{
    /// <exception cref="InvalidDataException">There is none that can be used; the message begins with the key it is about.</exception>
    public static MessageSigner Open(EstConfig est)
    {
        try
        {
            if (est.Cmc is { Cert: { } cert, Key: { } key })
            {
                // What a CA's key signs can be taken for a certificate (ruling 43).
                return CertificateFields.Parse(Pem.ReadCertificates(cert.Bytes, cert.Path)[0]).IsCa
                    ? throw new NotSupportedException($"{cert.Path} is a CA's certificate; answers are never signed with a CA's key, so make a pair for them")
                    : Open(cert.Bytes, key.Content.Reveal(), cert.Path);
            }
            if (est is not { TlsCert: { } certPath, TlsKey: { } keyPath })
            {
                throw new InvalidDataException("there is no certificate that could sign answers; give cert and key, or the pair of [tls]");
            }
            var bytes = File.ReadAllBytes(keyPath.FullPath);
            try
            {
                return Open(File.ReadAllBytes(certPath.FullPath), bytes, certPath.FullPath);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or CryptographicException or ArgumentException
            or MalformedException)
        {
            throw new InvalidDataException($"the pair that signs answers cannot be used ({fault.Message})", fault);
        }
    }

    private static MessageSigner Open(ReadOnlyMemory<byte> cert, ReadOnlySpan<byte> key, string path)
    {
        var chain = Pem.ReadCertificates(cert, path);
        var chars = GC.AllocateArray<char>(key.Length, pinned: true);
        try
        {
            var pem = chars.AsSpan(0, Encoding.UTF8.GetChars(key, chars));
            using var own = X509Certificate2.CreateFromPem(Pem.Write("CERTIFICATE", chain[0].Span), pem);
            return new MessageSigner(own, chain.Skip(1));
        }
        finally
        {
            chars.AsSpan().Clear();
        }
    }
}
