using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Opens an EnvelopedData or AuthEnvelopedData, BER as well: servers other than this one send it.</summary>
internal static class EnvelopeReader
{
    private const int MostRecipients = 16;
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    /// <returns>The type of the content, and the content, which the caller disposes of.</returns>
    /// <exception cref="MalformedException">It cannot be read, or not with this key.</exception>
    public static (string ContentType, PinnedBuffer Content) Decrypt(ReadOnlyMemory<byte> message, EnvelopeKey key)
    {
        if (message.Length > Limits.MessageBytes) throw new MalformedException($"the encrypted key is longer than {Limits.MessageBytes} bytes");
        return Der.Read(message, "the encrypted key", reader => Read(reader, key), AsnEncodingRules.BER);
    }

    private static (string, PinnedBuffer) Read(AsnReader reader, EnvelopeKey key)
    {
        var info = reader.ReadSequence();
        var type = info.ReadOid();
        if (type is not (Oids.EnvelopedData or Oids.AuthEnvelopedData)) throw new MalformedException("the encrypted key is not an EnvelopedData");
        var envelope = info.ReadSequence(Context0).ReadSequence();
        if (!envelope.TryReadInt32(out var version) || version is < 0 or > 4) throw new MalformedException("the envelope has an unknown version");
        if (envelope.PeekTag().HasSameClassAndValue(Context0)) envelope.ReadEncodedValue(); // originatorInfo
        using var contentKey = FindKey(envelope.ReadSetOf(skipSortOrderValidation: true), key);
        var content = envelope.ReadSequence();
        var contentType = content.ReadOid();
        var algorithm = AlgorithmIdentifier.Read(content);
        var encrypted = content.ReadOctets(Context0);
        var cipher = ContentCipher.ByOid(algorithm.Oid) ?? throw new MalformedException($"the envelope has the unknown encryption {algorithm.Oid}");
        if (cipher.Authenticated != (type == Oids.AuthEnvelopedData) || algorithm.Parameters is not { } parameters)
        {
            throw new MalformedException($"the envelope has {cipher} where it does not belong, or without parameters");
        }
        if (contentKey.Length != cipher.KeyBytes) throw new MalformedException($"the envelope's key is too short or too long for {cipher}");
        var opened = cipher.Authenticated
            ? DecryptGcm(envelope, contentKey, parameters, encrypted.Span)
            : DecryptCbc(contentKey, parameters, encrypted.Span);
        return (contentType, opened);
    }

    private static PinnedBuffer FindKey(AsnReader recipients, EnvelopeKey key)
    {
        for (var count = 1; recipients.HasData; count++)
        {
            Limits.Check(count, MostRecipients, "the envelope has too many recipients");
            if (!recipients.PeekTag().HasSameClassAndValue(key.Tag))
            {
                recipients.ReadEncodedValue();
                continue;
            }
            try
            {
                return key.Unwrap(key.Tag == Asn1Tag.Sequence ? recipients.ReadSequence() : recipients.ReadSequence(key.Tag));
            }
            catch (CryptographicException)
            {
                // For another key of the same kind: the next one.
            }
        }
        throw new MalformedException("the envelope is not for this key");
    }

    private static PinnedBuffer DecryptCbc(PinnedBuffer key, ReadOnlyMemory<byte> parameters, ReadOnlySpan<byte> encrypted)
    {
        var iv = Der.Read(parameters, "the envelope's IV", static reader => reader.ReadOctets(), AsnEncodingRules.BER);
        if (iv.Length != Envelope.IvBytes) throw new MalformedException("the envelope's IV has a wrong length");
        using var aes = Aes.Create();
        aes.SetKey(key.Span);
        var content = new PinnedBuffer(encrypted.Length);
        try
        {
            content.Length = aes.DecryptCbc(encrypted, iv.Span, content.Span);
            return content;
        }
        catch (CryptographicException)
        {
            content.Dispose();
            throw;
        }
    }

    private static PinnedBuffer DecryptGcm(AsnReader envelope, PinnedBuffer key, ReadOnlyMemory<byte> parameters, ReadOnlySpan<byte> encrypted)
    {
        var (nonce, tagBytes) = Der.Read(parameters, "the envelope's nonce", ReadGcmParameters, AsnEncodingRules.BER);
        byte[] attributes = [];
        if (envelope.PeekTag().HasSameClassAndValue(Context1))
        {
            attributes = envelope.ReadEncodedValue().ToArray();
            attributes[0] = 0x31; // authenticated as a SET OF (RFC 5083 section 2.2)
        }
        var tag = envelope.ReadOctets();
        if (nonce.Length != Envelope.NonceBytes || tag.Length != tagBytes) throw new MalformedException("the envelope's nonce or MAC has a wrong length");
        using var gcm = new AesGcm(key.Span, tagBytes);
        var content = new PinnedBuffer(encrypted.Length);
        try
        {
            gcm.Decrypt(nonce.Span, encrypted, tag.Span, content.Span, attributes);
            return content;
        }
        catch (CryptographicException)
        {
            content.Dispose();
            throw;
        }
    }

    // GCMParameters (RFC 5084 section 3.2): the length of the MAC is 12 unless it stands.
    private static (ReadOnlyMemory<byte>, int) ReadGcmParameters(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var nonce = sequence.ReadOctets();
        var bytes = 12;
        if (sequence.HasData && !sequence.TryReadInt32(out bytes)) bytes = 0;
        sequence.ThrowIfNotEmpty();
        return bytes is >= 12 and <= 16 ? (nonce, bytes) : throw new MalformedException("the envelope's MAC is too short or too long");
    }
}
