namespace Kipuka.Sdk.Ca;

/// <summary>A key pair that a CA made for a client. Whoever holds it disposes of it, which zeroes the private half.</summary>
/// <param name="Pkcs8">PrivateKeyInfo (RFC 5208), DER, not encrypted.</param>
/// <param name="SubjectPublicKeyInfo">The public half, DER.</param>
public sealed record GeneratedKey(Secret Pkcs8, ReadOnlyMemory<byte> SubjectPublicKeyInfo) : IDisposable
{
    /// <summary>Zeroes the private half.</summary>
    public void Dispose() => Pkcs8.Dispose();
}
