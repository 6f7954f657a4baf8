using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Pki;

/// <summary>
/// Signs messages as CMS SignedData (RFC 5652 section 5): one signer, signed attributes, the signer's certificates inside. Holds its key,
/// which serves all threads, for as long as it lives.
/// </summary>
internal sealed class MessageSigner : IDisposable
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private readonly SignatureScheme _scheme;
    private readonly AsymmetricAlgorithm _key;
    private readonly CertificateFields _signer;
    private readonly byte[] _digestAlgorithm;
    private readonly List<ReadOnlyMemory<byte>> _own;
    private readonly byte[] _certificates;

    /// <param name="certificate">The signer's certificate, with its private key: RSA, or ECDSA on a NIST curve.</param>
    /// <param name="chain">What else the receiver may need to trust it, DER.</param>
    /// <param name="pss">RSASSA-PSS instead of PKCS#1 v1.5; only for RSA.</param>
    /// <exception cref="NotSupportedException">The key cannot be used; the message says why.</exception>
    public MessageSigner(X509Certificate2 certificate, IEnumerable<ReadOnlyMemory<byte>> chain, bool pss = false)
    {
        _scheme = SignatureScheme.For(certificate, pss: pss);
        _signer = CertificateFields.Parse(certificate.RawData);
        _key = certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey()
            ?? throw new NotSupportedException("The certificate that shall sign messages has no private key.");
        // RFC 5754 section 2: the parameters of SHA-2 are absent.
        _digestAlgorithm = Encode(writer => WriteAlgorithm(writer, HashOid));
        _own = [_signer.Raw, .. chain];
        _certificates = EncodeCertificates(_own);
    }

    /// <summary>The signer's certificate, DER.</summary>
    public ReadOnlyMemory<byte> Certificate => _signer.Raw;

    private string HashOid => _scheme.Hash.Name switch { "SHA384" => Oids.Sha384, "SHA512" => Oids.Sha512, _ => Oids.Sha256 };

    /// <summary>A whole message: ContentInfo around the SignedData.</summary>
    /// <param name="contentType">The OID of what is signed.</param>
    /// <param name="content">Its DER.</param>
    /// <param name="time">When, to the second.</param>
    /// <param name="certificates">What the message brings beside the signer's own, DER (RFC 5272 section 4.2).</param>
    public byte[] Sign(string contentType, ReadOnlyMemory<byte> content, DateTimeOffset time, params IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        using var signed = SignSecret(contentType, content.Span, time, certificates.Count == 0 ? _certificates : EncodeCertificates([.. _own, .. certificates]));
        return Encode(writer =>
        {
            using var info = writer.PushSequence();
            writer.WriteObjectIdentifier(Oids.SignedData);
            using var tagged = writer.PushSequence(Context0);
            writer.WriteEncodedValue(signed.Span);
        });
    }

    /// <summary>The SignedData alone, as it is enveloped, with no copy of the content outside pinned memory.</summary>
    public PinnedBuffer SignSecret(string contentType, ReadOnlySpan<byte> content, DateTimeOffset time)
        => SignSecret(contentType, content, time, _certificates);

    public void Dispose() => _key.Dispose();

    private PinnedBuffer SignSecret(string contentType, ReadOnlySpan<byte> content, DateTimeOffset time, byte[] certificates)
    {
        // RFC 5652 section 5.1: version 3 for any content but id-data.
        var head = Encode(writer =>
        {
            writer.WriteInteger(contentType == Oids.Data ? 1 : 3);
            using var algorithms = writer.PushSetOf();
            writer.WriteEncodedValue(_digestAlgorithm);
        });
        var type = Encode(writer => writer.WriteObjectIdentifier(contentType));
        var signers = SignerInfos(contentType, CryptographicOperations.HashData(_scheme.Hash, content), time);

        var tagged = DerHeader.Size(content.Length) + content.Length;
        var encapsulated = type.Length + DerHeader.Size(tagged) + tagged;
        var whole = head.Length + DerHeader.Size(encapsulated) + encapsulated + certificates.Length + signers.Length;
        var buffer = new PinnedBuffer(DerHeader.Size(whole) + whole);
        var rest = Append(DerHeader.Write(buffer.Span, DerHeader.Sequence, whole), head);
        rest = Append(DerHeader.Write(rest, DerHeader.Sequence, encapsulated), type);
        rest = DerHeader.Write(rest, DerHeader.Context0, tagged);
        rest = Append(DerHeader.Write(rest, DerHeader.OctetString, content.Length), content);
        Append(Append(rest, certificates), signers);
        return buffer;
    }

    // A SET OF in DER is sorted; no signature covers this one, and the signer's certificate is easiest found in front.
    private static byte[] EncodeCertificates(IEnumerable<ReadOnlyMemory<byte>> certificates) => Encode(writer =>
    {
        using var set = writer.PushSequence(Context0);
        foreach (var der in certificates) writer.WriteEncodedValue(der.Span);
    });

    private byte[] SignerInfos(string contentType, byte[] digest, DateTimeOffset time)
    {
        // The signature covers the attributes as a SET OF; in the message they stand under [0] (RFC 5652 section 5.4).
        var attributes = Encode(writer => WriteAttributes(writer, contentType, digest, time));
        var signature = _key is RSA rsa
            ? rsa.SignData(attributes, _scheme.Hash, _scheme.RsaPadding!)
            : ((ECDsa)_key).SignData(attributes, _scheme.Hash, DSASignatureFormat.Rfc3279DerSequence);
        attributes[0] = DerHeader.Context0;
        return Encode(writer =>
        {
            using var set = writer.PushSetOf();
            using var signer = writer.PushSequence();
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(_signer.IssuerRaw.Span);
                writer.WriteInteger(_signer.SerialNumber.Span);
            }
            writer.WriteEncodedValue(_digestAlgorithm);
            writer.WriteEncodedValue(attributes);
            WriteSignatureAlgorithm(writer);
            writer.WriteOctetString(signature);
        });
    }

    private static void WriteAttributes(AsnWriter writer, string contentType, byte[] digest, DateTimeOffset time)
    {
        using var set = writer.PushSetOf();
        WriteAttribute(writer, Oids.ContentType, () => writer.WriteObjectIdentifier(contentType));
        WriteAttribute(writer, Oids.MessageDigest, () => writer.WriteOctetString(digest));
        WriteAttribute(writer, Oids.SigningTime, () => WriteTime(writer, time));
    }

    private static void WriteAttribute(AsnWriter writer, string oid, Action write)
    {
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        using var values = writer.PushSetOf();
        write();
    }

    // RFC 5652 section 11.3: UTCTime until 2049, whole seconds.
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= 1950 and < 2050) writer.WriteUtcTime(time);
        else writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }

    // RFC 5754 section 3.2: rsaEncryption names PKCS#1 v1.5 with any hash, and every receiver knows it.
    private void WriteSignatureAlgorithm(AsnWriter writer)
    {
        if (_scheme.RsaPadding != RSASignaturePadding.Pkcs1)
        {
            writer.WriteEncodedValue(_scheme.AlgorithmIdentifier.Span);
            return;
        }
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier(Oids.RsaEncryption);
        writer.WriteNull();
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
    }

    private static Span<byte> Append(Span<byte> target, ReadOnlySpan<byte> part)
    {
        part.CopyTo(target);
        return target[part.Length..];
    }

    private static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
