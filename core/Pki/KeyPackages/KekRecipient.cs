using System.Formats.Asn1;
using Kipuka.Sdk;

namespace Kipuka.Pki;

/// <summary>KEKRecipientInfo: a symmetric key that both sides have (RFC 5652 section 6.2.3).</summary>
/// <param name="keyIdentifier">Its name, as the DecryptKeyIdentifier gave it (RFC 7030 section 4.4.2).</param>
/// <param name="key">16, 24 or 32 bytes. Belongs to the caller.</param>
internal sealed class KekRecipient(ReadOnlyMemory<byte> keyIdentifier, Secret key) : EnvelopeRecipient
{
    public override string Kind => "kek";

    public override void Write(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using var info = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2));
        writer.WriteInteger(4);
        using (writer.PushSequence()) writer.WriteOctetString(keyIdentifier.Span);
        writer.WriteEncodedValue(KeyAgreement.WrapAlgorithm(key.Length));
        writer.WriteOctetString(AesKeyWrap.Wrap(key.Reveal(), contentKey));
    }
}
