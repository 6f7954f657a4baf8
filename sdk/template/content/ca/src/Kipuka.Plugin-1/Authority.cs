using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugin_1;

/// <summary>Signs. The SDK encodes the certificate, honours every field of the draft and turns faults into what the host understands.</summary>
internal sealed class Authority(AuthorityCertificates certificates, SignatureScheme scheme, SecretFile file) : SigningAuthority(certificates, scheme)
{
    private readonly AsymmetricAlgorithm key = Load(file, scheme);

    // Called concurrently. A device that is away throws AuthorityUnavailableException.
    protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => new(key switch
    {
        RSA rsa => rsa.SignData(data.Span, Scheme.Hash, Scheme.RsaPadding!),
        ECDsa ecdsa => ecdsa.SignData(data.Span, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence),
        _ => throw new NotSupportedException(key.GetType().Name),
    });

    public override ValueTask DisposeAsync()
    {
        key.Dispose();
        return default;
    }

    private static AsymmetricAlgorithm Load(SecretFile file, SignatureScheme scheme)
    {
        AsymmetricAlgorithm key = scheme.RsaPadding is null ? ECDsa.Create() : RSA.Create();
        var text = new char[file.Content.Length];
        try
        {
            Encoding.ASCII.GetChars(file.Content.Reveal(), text);
            key.ImportFromPem(text);
            return key;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidOperationException($"{file.Path} holds no private key that fits the certificate; a PEM block \"PRIVATE KEY\" is expected.");
        }
        finally
        {
            Array.Clear(text);
        }
    }
}
