using Kipuka.Pki.Cmc;

namespace Kipuka.Pki;

/// <summary>AsymmetricKeyPackage (RFC 5958 section 2): a sequence of one OneAsymmetricKey, which of version 1 is a PKCS#8 PrivateKeyInfo.</summary>
internal static class KeyPackage
{
    public static PinnedBuffer Encode(ReadOnlySpan<byte> pkcs8)
    {
        var package = new PinnedBuffer(DerHeader.Size(pkcs8.Length) + pkcs8.Length);
        pkcs8.CopyTo(DerHeader.Write(package.Span, DerHeader.Sequence, pkcs8.Length));
        return package;
    }

    /// <summary>The one key of a package: a part of the given memory.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> package) => Der.Read(package, "the key package", static reader =>
    {
        var sequence = reader.ReadSequence();
        var key = sequence.ReadEncodedValue();
        return sequence.HasData ? throw new MalformedException("the key package holds more than one key") : key;
    });

    /// <summary>Signs a private key as its maker, then encrypts it for who asked (RFC 7030 section 4.4.2, RFC 5958 section 4).</summary>
    /// <param name="pkcs8">The private key; the caller zeroes it.</param>
    public static byte[] Protect(
        ReadOnlySpan<byte> pkcs8, MessageSigner signer, EnvelopeRecipient recipient, ContentCipher cipher, DateTimeOffset time)
    {
        using var package = Encode(pkcs8);
        using var signed = signer.SignSecret(Oids.AsymmetricKeyPackage, package.Span, time);
        return Envelope.Encrypt(recipient, cipher, Oids.SignedData, signed.Span);
    }

    /// <summary>Opens what <see cref="Protect"/>, or another server, made.</summary>
    /// <returns>The private key as PKCS#8, which the caller disposes of, and the certificate of who signed it.</returns>
    /// <exception cref="MalformedException">It cannot be read or not with this key, or its signature is wrong.</exception>
    public static (PinnedBuffer Pkcs8, CertificateFields Signer) Open(ReadOnlyMemory<byte> message, EnvelopeKey key)
    {
        var (type, content) = EnvelopeReader.Decrypt(message, key);
        using (content)
        {
            if (type != Oids.SignedData) throw new MalformedException($"the envelope holds {type}, not a SignedData (RFC 7030 section 4.4.2)");
            var signed = SignedMessage.ParseSignedData(content.Memory);
            var signer = VerifySigner(signed);
            if (signed.ContentType != Oids.AsymmetricKeyPackage) throw new MalformedException("the signed message is no key package (RFC 5958)");
            var pkcs8 = Decode(signed.Content).Span;
            var opened = new PinnedBuffer(pkcs8.Length);
            pkcs8.CopyTo(opened.Span);
            return (opened, CertificateFields.Parse(signer.Raw.ToArray())); // which lay beside the key
        }
    }

    private static CertificateFields VerifySigner(SignedMessage message)
    {
        if (message.Signatures is not [var signature]) throw new MalformedException("the key package is not signed by one signer");
        var signer = message.Certificates.FirstOrDefault(signature.Signer.Names)
            ?? throw new MalformedException("the key package lacks its signer's certificate");
        return signature.Check(message, signer.PublicKey) is var (_, reason) ? throw new MalformedException(reason) : signer;
    }
}
