using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>An X.509 certificate (RFC 5280 4.1) in its pieces, a hundred times cheaper than the platform's object for it.</summary>
internal sealed class CertificateFields
{
    private CertificateFields()
    {
    }

    /// <summary>The whole certificate, DER.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    public required ReadOnlyMemory<byte> TbsCertificate { get; init; }

    /// <summary>The content of the INTEGER: a leading zero byte stands where the number's first bit is set.</summary>
    public required ReadOnlyMemory<byte> SerialNumber { get; init; }

    public required ReadOnlyMemory<byte> IssuerRaw { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required ReadOnlyMemory<byte> SubjectRaw { get; init; }

    public required ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; init; }

    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    public required AlgorithmIdentifier SignatureAlgorithm { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    // Parsed when asked for: a trust anchor may carry a name or a key of a kind that we never need to read.
    public DistinguishedName Issuer => DistinguishedName.Parse(IssuerRaw, "the certificate's issuer");

    public DistinguishedName Subject => DistinguishedName.Parse(SubjectRaw, "the certificate's subject");

    public PublicKeyInfo PublicKey => PublicKeyInfo.Parse(SubjectPublicKeyInfo, "the certificate's public key");

    public string SerialHex => SerialNumbers.Format(SerialNumber.Span);

    public string FingerprintSha256 => Convert.ToHexStringLower(SHA256.HashData(Raw.Span));

    public bool IsSelfIssued => IssuerRaw.Span.SequenceEqual(SubjectRaw.Span);

    public bool IsCa => Find(Oids.BasicConstraints) is { } value && BasicConstraints.Parse(value).Ca;

    public GeneralNames? SubjectAltName => Find(Oids.SubjectAltName) is { } value ? GeneralNames.Parse(value) : null;

    /// <summary>The extended key usages; null where the extension is absent and every usage is allowed.</summary>
    public IReadOnlyList<string>? ExtKeyUsages => Find(Oids.ExtKeyUsage) is { } value ? Eku.Parse(value) : null;

    /// <summary>The key usage; null where the extension is absent.</summary>
    public X509KeyUsageFlags? KeyUsage => Find(Oids.KeyUsage) is { } value ? KeyUsages.Parse(value) : null;

    public ReadOnlyMemory<byte>? SubjectKeyIdentifier => Find(Oids.SubjectKeyIdentifier) is { } value
        ? Der.Read(value, "the subject key identifier", static reader => reader.ReadOctets())
        : default(ReadOnlyMemory<byte>?);

    /// <summary>The keyIdentifier of the authority key identifier.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier => Find(Oids.AuthorityKeyIdentifier) is { } value
        ? Der.Read(value, "the authority key identifier", ReadAuthorityKeyIdentifier)
        : null;

    /// <summary>The bytes are kept, not copied: they must not change afterwards.</summary>
    public static CertificateFields Parse(ReadOnlyMemory<byte> der) => der.Length <= Limits.MessageBytes
        ? Der.Read(der, "the certificate", Read)
        : throw new MalformedException($"the certificate is longer than {Limits.MessageBytes} bytes");

    /// <summary>The content of an extension's value, or null.</summary>
    public ReadOnlyMemory<byte>? Find(string oid) => Extensions.FirstOrDefault(e => e.Oid == oid)?.Value;

    /// <summary>
    /// Whether the key made the signature; names and validity are not looked at. Throws <see cref="MalformedException"/> for an algorithm
    /// that is not taken.
    /// </summary>
    public bool IsSignedBy(PublicKeyInfo issuerKey) => issuerKey.Verify(TbsCertificate.Span, Signature.Span, SignatureAlgorithm);

    private static CertificateFields Read(AsnReader reader)
    {
        var raw = reader.PeekEncodedValue();
        var certificate = reader.ReadSequence();
        var tbsRaw = certificate.PeekEncodedValue();
        var tbs = certificate.ReadSequence();
        var algorithm = AlgorithmIdentifier.Read(certificate);
        var signature = certificate.ReadWholeBits("the certificate's signature");
        certificate.ThrowIfNotEmpty();

        var version = ReadVersion(tbs);
        var serial = tbs.ReadIntegerBytes();
        if (!AlgorithmIdentifier.Read(tbs).Equals(algorithm))
            throw new MalformedException("the certificate names two signature algorithms (RFC 5280 4.1.1.2)");
        var issuer = tbs.ReadEncodedValue();
        var validity = tbs.ReadSequence();
        var (notBefore, notAfter) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        var subject = tbs.ReadEncodedValue();
        var key = tbs.ReadEncodedValue();
        SkipUniqueIdentifiers(tbs);
        var extensions = ReadExtensions(tbs, version);
        tbs.ThrowIfNotEmpty();
        return new CertificateFields
        {
            Raw = raw,
            TbsCertificate = tbsRaw,
            SerialNumber = serial,
            IssuerRaw = issuer,
            NotBefore = notBefore,
            NotAfter = notAfter,
            SubjectRaw = subject,
            SubjectPublicKeyInfo = key,
            Extensions = extensions,
            SignatureAlgorithm = algorithm,
            Signature = signature,
        };
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);

    private static bool Stands(AsnReader reader, int number) => reader.HasData && reader.PeekTag().HasSameClassAndValue(Context(number));

    private static int ReadVersion(AsnReader tbs)
    {
        if (!Stands(tbs, 0)) return 1;
        var tagged = tbs.ReadSequence(Context(0));
        if (!tagged.TryReadInt32(out var version) || version is < 0 or > 2)
            throw new MalformedException("the certificate has an unknown version");
        tagged.ThrowIfNotEmpty();
        return version + 1;
    }

    // Two digits of a year mean 1950 to 2049 (RFC 5280 4.1.2.5.1).
    private static DateTimeOffset ReadTime(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime(2049) : validity.ReadGeneralizedTime();

    private static void SkipUniqueIdentifiers(AsnReader tbs)
    {
        if (Stands(tbs, 1)) tbs.ReadEncodedValue();
        if (Stands(tbs, 2)) tbs.ReadEncodedValue();
    }

    private static IReadOnlyList<CertificateExtension> ReadExtensions(AsnReader tbs, int version)
    {
        if (!Stands(tbs, 3)) return [];
        if (version != 3) throw new MalformedException("the certificate has extensions but is not version 3 (RFC 5280 4.1.2.1)");
        var tagged = tbs.ReadSequence(Context(3));
        var extensions = CertificateExtension.ReadList(tagged);
        tagged.ThrowIfNotEmpty();
        return extensions;
    }

    private static ReadOnlyMemory<byte>? ReadAuthorityKeyIdentifier(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var key = Stands(sequence, 0) ? sequence.ReadOctets(Context(0)) : default(ReadOnlyMemory<byte>?);
        while (sequence.HasData) sequence.ReadEncodedValue(); // the issuer's name and serial, which the key identifier makes needless
        return key;
    }
}
