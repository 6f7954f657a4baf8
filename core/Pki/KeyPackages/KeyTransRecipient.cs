using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>KeyTransRecipientInfo: RSAES-OAEP with SHA-256 (RFC 5652 section 6.2.1, RFC 4055 section 4.1).</summary>
internal sealed class KeyTransRecipient(PublicKeyInfo key, RecipientId id) : EnvelopeRecipient
{
    public override string Kind => "rsa-oaep";

    public override bool IsVersion0 => !id.IsKeyIdentifier;

    public override void Write(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.Raw.Span, out _);
        using var info = writer.PushSequence();
        writer.WriteInteger(IsVersion0 ? 0 : 2);
        id.WriteForTransport(writer);
        WriteAlgorithm(writer);
        writer.WriteOctetString(rsa.Encrypt(contentKey, RSAEncryptionPadding.OaepSHA256));
    }

    // Every default is SHA-1's, so that hash and mask stand; the label is the default, empty.
    private static void WriteAlgorithm(AsnWriter writer)
    {
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier(Oids.RsaesOaep);
        using var parameters = writer.PushSequence();
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) WriteHash(writer);
        using var mask = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1));
        using var generator = writer.PushSequence();
        writer.WriteObjectIdentifier(Oids.Mgf1);
        WriteHash(writer);
    }

    private static void WriteHash(AsnWriter writer)
    {
        using var hash = writer.PushSequence();
        writer.WriteObjectIdentifier(Oids.Sha256);
        writer.WriteNull();
    }
}
