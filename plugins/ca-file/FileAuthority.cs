using System.Security.Cryptography;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaFile;

/// <summary>Signs with a key in memory. One key object serves all threads: OpenSSL's keys may be shared, and a key for
/// each thread measured no faster (P-256 and RSA-2048, 1 to 8 threads).</summary>
internal sealed class FileAuthority(AuthorityCertificates certificates, SignatureScheme scheme, AsymmetricAlgorithm key, KeyTrail trail)
    : SigningAuthority(certificates, scheme)
{
    private int disposed;

    protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => new(key switch
    {
        RSA rsa => rsa.SignData(data.Span, Scheme.Hash, Scheme.RsaPadding!),
        ECDsa ecdsa => ecdsa.SignData(data.Span, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence),
        _ => throw new NotSupportedException(key.GetType().Name),
    });

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            key.Dispose(); // OpenSSL overwrites the numbers
            await trail.DestroyedAsync();
        }
    }
}
