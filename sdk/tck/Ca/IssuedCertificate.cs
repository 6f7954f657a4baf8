using System.Formats.Asn1;

namespace Kipuka.Sdk.Tck;

/// <summary>A certificate in its pieces (RFC 5280 section 4.1), read without the help of what may have made it.</summary>
internal sealed record IssuedCertificate
{
    private const string AuthorityKeyIdentifierOid = "2.5.29.35";
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    public required ReadOnlyMemory<byte> Raw { get; init; }

    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    public required ReadOnlyMemory<byte> Algorithm { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    public required ReadOnlyMemory<byte> Serial { get; init; }

    public required ReadOnlyMemory<byte> Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required ReadOnlyMemory<byte> Subject { get; init; }

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public required IReadOnlyList<(string Oid, bool Critical, ReadOnlyMemory<byte> Value)> Extensions { get; init; }

    /// <summary>The keyIdentifier; null without the extension or without that part of it.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier
        => Extensions.FirstOrDefault(extension => extension.Oid == AuthorityKeyIdentifierOid) is { Oid: not null } found ? KeyIdentifier(found.Value) : default(ReadOnlyMemory<byte>?);

    public bool IsAuthorityKeyIdentifierCritical => Extensions.Any(extension => extension is { Oid: AuthorityKeyIdentifierOid, Critical: true });

    public IEnumerable<(string Oid, bool Critical, ReadOnlyMemory<byte> Value)> OtherExtensions
        => Extensions.Where(extension => extension.Oid != AuthorityKeyIdentifierOid);

    /// <exception cref="AsnContentException">It is no DER certificate of version 3.</exception>
    public static IssuedCertificate Parse(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var certificate = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var toBeSigned = certificate.ReadEncodedValue();
        var algorithm = certificate.ReadEncodedValue();
        var signature = certificate.ReadBitString(out _);
        certificate.ThrowIfNotEmpty();

        var body = new AsnReader(toBeSigned, AsnEncodingRules.DER).ReadSequence();
        if (!body.PeekTag().HasSameClassAndValue(Context0) || body.ReadSequence(Context0).ReadInteger() != 2)
        {
            throw new AsnContentException("it is not of version 3");
        }
        var serial = body.ReadIntegerBytes();
        if (!body.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new AsnContentException("the signature algorithms inside and outside differ (RFC 5280 section 4.1.1.2)");
        }
        var issuer = body.ReadEncodedValue();
        var validity = body.ReadSequence();
        var (from, to) = (ReadTime(validity), ReadTime(validity));
        var subject = body.ReadEncodedValue();
        var key = body.ReadEncodedValue();
        List<(string, bool, ReadOnlyMemory<byte>)> extensions = [];
        if (body.HasData)
        {
            var list = body.ReadSequence(Context3).ReadSequence();
            while (list.HasData)
            {
                extensions.Add(ReadExtension(list.ReadSequence()));
            }
        }
        body.ThrowIfNotEmpty();
        return new IssuedCertificate
        {
            Raw = der, ToBeSigned = toBeSigned, Algorithm = algorithm, Signature = signature, Serial = serial, Issuer = issuer,
            NotBefore = from, NotAfter = to, Subject = subject, PublicKey = key, Extensions = extensions,
        };
    }

    private static (string, bool, ReadOnlyMemory<byte>) ReadExtension(AsnReader extension)
    {
        var oid = extension.ReadObjectIdentifier();
        var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
        return (oid, critical, extension.ReadOctetString());
    }

    private static DateTimeOffset ReadTime(AsnReader validity)
        => validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime(2049) : validity.ReadGeneralizedTime();

    private static ReadOnlyMemory<byte>? KeyIdentifier(ReadOnlyMemory<byte> value)
    {
        var identifier = new AsnReader(value, AsnEncodingRules.DER).ReadSequence();
        return identifier.HasData && identifier.PeekTag().HasSameClassAndValue(Context0) ? identifier.ReadOctetString(Context0) : default(ReadOnlyMemory<byte>?);
    }
}
