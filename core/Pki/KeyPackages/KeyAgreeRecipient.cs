using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>KeyAgreeRecipientInfo: ephemeral-static ECDH and AES key wrap (RFC 5652 section 6.2.2, RFC 5753 section 3.1).</summary>
internal sealed class KeyAgreeRecipient(PublicKeyInfo key, RecipientId id, int wrapKeyBytes) : EnvelopeRecipient
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    public override string Kind => "ecdh";

    public override void Write(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(key.Raw.Span, out _);
        using var mine = ECDiffieHellman.Create(NamedCurve.Of(key.KeyType).Platform);
        using var theirPublic = theirs.PublicKey;
        var scheme = KeyAgreement.Scheme(key.KeyType);
        var wrap = KeyAgreement.WrapAlgorithm(wrapKeyBytes);
        using var kek = KeyAgreement.Derive(mine, theirPublic, KeyAgreement.Hash(scheme)!.Value, wrap, wrapKeyBytes, null);

        using var info = writer.PushSequence(Context1);
        writer.WriteInteger(3);
        WriteOriginator(writer, PublicKeyInfo.Parse(mine.ExportSubjectPublicKeyInfo()));
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(scheme);
            writer.WriteEncodedValue(wrap);
        }
        using var recipients = writer.PushSequence();
        using var recipient = writer.PushSequence();
        id.WriteForAgreement(writer);
        writer.WriteOctetString(AesKeyWrap.Wrap(kek.Span, contentKey));
    }

    // RFC 5753 section 3.1.1: parameters may be absent, for the curve is the recipient's.
    private static void WriteOriginator(AsnWriter writer, PublicKeyInfo ephemeral)
    {
        using var originator = writer.PushSequence(Context0);
        using var originatorKey = writer.PushSequence(Context1);
        using (writer.PushSequence()) writer.WriteObjectIdentifier(Oids.EcPublicKey);
        writer.WriteBitString(ephemeral.KeyBytes.Span);
    }
}
