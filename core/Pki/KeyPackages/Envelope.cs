using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Encrypts for one recipient: EnvelopedData (RFC 5652 section 6), or with GCM AuthEnvelopedData (RFC 5083).</summary>
internal static class Envelope
{
    internal const int IvBytes = 16;
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    /// <param name="recipient">Who can open it.</param>
    /// <param name="cipher">What encrypts the content.</param>
    /// <param name="contentType">The OID of what is inside.</param>
    /// <param name="content">Its DER: of a SignedData the SEQUENCE, without the ContentInfo, whose type stands outside.</param>
    /// <returns>The whole message, ContentInfo included.</returns>
    public static byte[] Encrypt(EnvelopeRecipient recipient, ContentCipher cipher, string contentType, ReadOnlySpan<byte> content)
    {
        using var key = new PinnedBuffer(cipher.KeyBytes);
        RandomNumberGenerator.Fill(key.Span);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(cipher.Authenticated ? Oids.AuthEnvelopedData : Oids.EnvelopedData);
            using var tagged = writer.PushSequence(Context0);
            using var envelope = writer.PushSequence();
            writer.WriteInteger(cipher.Authenticated || recipient.IsVersion0 ? 0 : 2);
            using (writer.PushSetOf()) recipient.Write(writer, key.Span);
            if (cipher.Authenticated) WriteGcm(writer, cipher, key.Span, contentType, content);
            else WriteCbc(writer, cipher, key.Span, contentType, content);
        }
        return writer.Encode();
    }

    /// <summary>
    /// The attributes that GCM authenticates with a content other than id-data (RFC 5083 section 2.1): its type. As a SET OF, which is how
    /// they are authenticated; in the message they stand under [1].
    /// </summary>
    private static byte[] AuthenticatedAttributes(string contentType)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.ContentType);
            using var values = writer.PushSetOf();
            writer.WriteObjectIdentifier(contentType);
        }
        return writer.Encode();
    }

    private static void WriteCbc(AsnWriter writer, ContentCipher cipher, ReadOnlySpan<byte> key, string contentType, ReadOnlySpan<byte> content)
    {
        var iv = RandomNumberGenerator.GetBytes(IvBytes);
        using var aes = Aes.Create();
        aes.SetKey(key);
        var encrypted = aes.EncryptCbc(content, iv);
        WriteContent(writer, cipher, contentType, encrypted, () => writer.WriteOctetString(iv));
    }

    private static void WriteGcm(AsnWriter writer, ContentCipher cipher, ReadOnlySpan<byte> key, string contentType, ReadOnlySpan<byte> content)
    {
        // The key is used once, so any nonce will do.
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var attributes = contentType == Oids.Data ? [] : AuthenticatedAttributes(contentType);
        var encrypted = new byte[content.Length];
        var tag = new byte[TagBytes];
        using var gcm = new AesGcm(key, TagBytes);
        gcm.Encrypt(nonce, content, encrypted, tag, attributes);
        WriteContent(writer, cipher, contentType, encrypted, () =>
        {
            using var parameters = writer.PushSequence();
            writer.WriteOctetString(nonce);
            writer.WriteInteger(TagBytes);
        });
        if (attributes.Length > 0)
        {
            attributes[0] = 0xA1;
            writer.WriteEncodedValue(attributes);
        }
        writer.WriteOctetString(tag);
    }

    private static void WriteContent(AsnWriter writer, ContentCipher cipher, string contentType, byte[] encrypted, Action writeParameters)
    {
        using var info = writer.PushSequence();
        writer.WriteObjectIdentifier(contentType);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(cipher.Oid);
            writeParameters();
        }
        writer.WriteOctetString(encrypted, Context0);
    }
}
