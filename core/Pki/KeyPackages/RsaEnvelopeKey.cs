using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Opens what was encrypted to an RSA key: OAEP, or PKCS#1 v1.5 as older servers do it.</summary>
internal sealed class RsaEnvelopeKey(RSA key) : EnvelopeKey
{
    public override Asn1Tag Tag => Asn1Tag.Sequence;

    public override PinnedBuffer Unwrap(AsnReader recipient)
    {
        SkipVersion(recipient);
        recipient.ReadEncodedValue();
        var padding = Padding(AlgorithmIdentifier.Read(recipient));
        var encrypted = recipient.ReadOctets();
        recipient.ThrowIfNotEmpty();
        var opened = new PinnedBuffer(key.KeySize / 8);
        if (key.TryDecrypt(encrypted.Span, opened.Span, padding, out var length))
        {
            opened.Length = length;
            return opened;
        }
        opened.Dispose();
        throw new CryptographicException("the content-encryption key is too long");
    }

    private static RSAEncryptionPadding Padding(AlgorithmIdentifier algorithm)
    {
        if (algorithm.Oid == Oids.RsaEncryption) return RSAEncryptionPadding.Pkcs1;
        if (algorithm.Oid != Oids.RsaesOaep) throw new MalformedException($"a recipient has the unknown key transport {algorithm.Oid}");
        if (algorithm.Parameters is not { } parameters) return RSAEncryptionPadding.OaepSHA1;
        var (hash, mask) = Der.Read(parameters, "the OAEP parameters", ReadParameters, AsnEncodingRules.BER);
        return (hash, mask) switch
        {
            ("", "") => RSAEncryptionPadding.OaepSHA1,
            (Oids.Sha256, Oids.Sha256) => RSAEncryptionPadding.OaepSHA256,
            (Oids.Sha384, Oids.Sha384) => RSAEncryptionPadding.OaepSHA384,
            (Oids.Sha512, Oids.Sha512) => RSAEncryptionPadding.OaepSHA512,
            _ => throw new MalformedException("a recipient has OAEP parameters that are not supported: hash and mask must be the same"),
        };
    }

    // RSAES-OAEP-params (RFC 4055 section 4.1); a label other than the default would come third.
    private static (string Hash, string Mask) ReadParameters(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var hash = Tagged(sequence, 0) is { } first ? AlgorithmIdentifier.Read(first).Oid : "";
        var mask = "";
        if (Tagged(sequence, 1) is { } second)
        {
            var generator = AlgorithmIdentifier.Read(second);
            mask = generator.Oid == Oids.Mgf1 && generator.Parameters is { } inner
                ? AlgorithmIdentifier.Parse(inner, "the mask's hash").Oid
                : throw new MalformedException("a recipient has an unknown OAEP mask");
        }
        return sequence.HasData ? throw new MalformedException("a recipient has an OAEP label") : (hash, mask);
    }

    private static AsnReader? Tagged(AsnReader sequence, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
        return sequence.HasData && sequence.PeekTag() == tag ? sequence.ReadSequence(tag) : null;
    }
}
