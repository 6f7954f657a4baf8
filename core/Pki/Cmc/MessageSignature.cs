using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki.Cmc;

/// <summary>One SignerInfo (RFC 5652 5.3).</summary>
internal sealed class MessageSignature
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private static readonly Dictionary<string, (HashAlgorithmName Hash, string Name, string WithRsa)> Digests = new()
    {
        [Oids.Sha256] = (HashAlgorithmName.SHA256, "sha256", Oids.Sha256WithRsa),
        [Oids.Sha384] = (HashAlgorithmName.SHA384, "sha384", Oids.Sha384WithRsa),
        [Oids.Sha512] = (HashAlgorithmName.SHA512, "sha512", Oids.Sha512WithRsa),
    };

    private readonly AlgorithmIdentifier _digest;
    private readonly AlgorithmIdentifier _algorithm;
    private readonly ReadOnlyMemory<byte> _signature;
    private readonly SignedAttributes? _attributes;

    private MessageSignature(
        SignerName signer, AlgorithmIdentifier digest, SignedAttributes? attributes, AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> signature)
    {
        Signer = signer;
        _digest = digest;
        _attributes = attributes;
        _algorithm = algorithm;
        _signature = signature;
    }

    public SignerName Signer { get; }

    /// <summary>RFC 6402 2.9's no-signature mechanism: a hash that anybody can make.</summary>
    public bool IsNone => _algorithm.Oid == CmcOids.NoSignature;

    public static MessageSignature Read(AsnReader info)
    {
        if (!info.TryReadInt32(out var version) || version is not (1 or 3)) throw new MalformedException("a SignerInfo has an unknown version");
        var signer = SignerName.Read(info);
        var digest = AlgorithmIdentifier.Read(info);
        var attributes = info.PeekTag().HasSameClassAndValue(Context0) ? SignedAttributes.Parse(info.ReadEncodedValue()) : null;
        var algorithm = AlgorithmIdentifier.Read(info);
        var signature = info.ReadOctets();
        if (info.HasData && info.PeekTag().HasSameClassAndValue(Context1)) info.ReadEncodedValue(); // unsigned, so it says nothing
        info.ThrowIfNotEmpty();
        return new MessageSignature(signer, digest, attributes, algorithm, signature);
    }

    /// <summary>Whether the key signed this content as this type; else which failure it is, and a client-safe reason.</summary>
    public (CmcFailure Failure, string Reason)? Check(SignedMessage message, PublicKeyInfo key)
    {
        if (!Digests.TryGetValue(_digest.Oid, out var digest) || _digest is { Parameters: not null, ParametersAreNull: false })
            return (CmcFailure.BadAlg, "the digest of a signature must be SHA-256, SHA-384 or SHA-512");
        SignatureAlgorithm algorithm;
        try
        {
            algorithm = Algorithm(digest.WithRsa);
        }
        catch (MalformedException refused)
        {
            return (CmcFailure.BadAlg, refused.Message);
        }
        if (algorithm.Hash is { } hash && hash != digest.Name) return (CmcFailure.BadAlg, $"a signature names two digests, {hash} and {digest.Name}");
        if (_attributes is not null && (_attributes.ContentType != message.ContentType
            || !_attributes.MessageDigest.Span.SequenceEqual(CryptographicOperations.HashData(digest.Hash, message.Content.Span))))
        {
            return (CmcFailure.BadMessageCheck, "the signed attributes are not those of the content (RFC 5652 5.4)");
        }
        try
        {
            return algorithm.Verify(key, (_attributes?.SignedBytes ?? message.Content).Span, _signature.Span)
                ? null
                : (CmcFailure.BadMessageCheck, "a signature of the message does not verify");
        }
        catch (MalformedException unsupported)
        {
            return (CmcFailure.BadAlg, unsupported.Message);
        }
    }

    // RFC 3370 3.2: for RSA the key's own OID may stand where the signature's belongs, and then the digest completes it.
    private SignatureAlgorithm Algorithm(string withRsa)
    {
        if (_algorithm.Oid != Oids.RsaEncryption) return SignatureAlgorithms.Parse(_algorithm);
        if (_algorithm is { Parameters: not null, ParametersAreNull: false }) throw new MalformedException("rsaEncryption has wrong parameters");
        return SignatureAlgorithms.Parse(new AlgorithmIdentifier(withRsa, null, default));
    }
}
