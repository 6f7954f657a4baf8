using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Opens what was encrypted to an EC key by ephemeral-static ECDH (RFC 5753).</summary>
internal sealed class EcEnvelopeKey : EnvelopeKey
{
    private const int MostRecipients = 16;
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private readonly ECDiffieHellman _key;
    private readonly NamedCurve _curve;

    /// <param name="key">A key on P-256, P-384 or P-521. Belongs to the caller.</param>
    public EcEnvelopeKey(ECDiffieHellman key)
    {
        _key = key;
        _curve = NamedCurve.Of(PublicKeyInfo.Parse(key.ExportSubjectPublicKeyInfo()).KeyType);
    }

    public override Asn1Tag Tag => Context1;

    public override PinnedBuffer Unwrap(AsnReader recipient)
    {
        SkipVersion(recipient);
        using var theirs = ReadOriginator(recipient);
        using var theirPublic = theirs.PublicKey;
        ReadOnlyMemory<byte>? ukm = null;
        if (recipient.PeekTag().HasSameClassAndValue(Context1)) ukm = recipient.ReadSequence(Context1).ReadOctets();
        var algorithm = AlgorithmIdentifier.Read(recipient);
        var hash = KeyAgreement.Hash(algorithm.Oid) ?? throw new MalformedException($"a recipient has the unknown key agreement {algorithm.Oid}");
        var wrap = AlgorithmIdentifier.Parse(algorithm.Parameters ?? default, "the key wrap algorithm");
        var wrapKeyBytes = AesKeyWrap.KekBytes(wrap.Oid) ?? throw new MalformedException($"a recipient has the unknown key wrap {wrap.Oid}");
        using var kek = KeyAgreement.Derive(_key, theirPublic, hash, wrap.Raw.Span, wrapKeyBytes, ukm);
        return UnwrapAny(recipient.ReadSequence(), kek);
    }

    private ECDiffieHellman ReadOriginator(AsnReader recipient)
    {
        var originator = recipient.ReadSequence(Context0);
        if (!originator.PeekTag().HasSameClassAndValue(Context1)) throw new MalformedException("a recipient's originator is not an ephemeral key");
        var key = originator.ReadSequence(Context1);
        AlgorithmIdentifier.Read(key);
        var point = key.ReadWholeBits("the ephemeral key").Span;
        var size = _curve.CoordinateBytes;
        if (point.Length != 1 + (2 * size) || point[0] != 4 || !_curve.IsOnCurve(point))
        {
            throw new CryptographicException("the ephemeral key is not on this key's curve");
        }
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = _curve.Platform,
            Q = { X = point.Slice(1, size).ToArray(), Y = point[(1 + size)..].ToArray() },
        });
    }

    // One agreement may serve several holders of keys on one curve.
    private static PinnedBuffer UnwrapAny(AsnReader recipients, PinnedBuffer kek)
    {
        for (var count = 1; recipients.HasData; count++)
        {
            Limits.Check(count, MostRecipients, "a recipient has too many keys");
            var one = recipients.ReadSequence();
            one.ReadEncodedValue();
            var wrapped = one.ReadOctets();
            try
            {
                return AesKeyWrap.Unwrap(kek.Span, wrapped.Span);
            }
            catch (CryptographicException) when (recipients.HasData)
            {
                // For somebody else: the next one.
            }
        }
        throw new MalformedException("a recipient has no key");
    }
}
