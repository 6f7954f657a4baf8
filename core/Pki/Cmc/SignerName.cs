using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>SignerIdentifier (RFC 5652 5.3): one of the two.</summary>
/// <param name="Certificate">Issuer and serial number.</param>
/// <param name="KeyIdentifier">The subject key identifier, of a certificate or of a request beside it (RFC 5272 3.2).</param>
internal sealed record SignerName(CertificateName? Certificate, ReadOnlyMemory<byte>? KeyIdentifier)
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    public bool Names(CertificateFields certificate) => Certificate is { } name
        ? name.Names(certificate)
        : IsKey(certificate.SubjectKeyIdentifier);

    /// <summary>Whether a subject key identifier is the one named.</summary>
    public bool IsKey(ReadOnlyMemory<byte>? identifier)
        => KeyIdentifier is { IsEmpty: false } wanted && identifier is { } has && wanted.Span.SequenceEqual(has.Span);

    public static SignerName Read(AsnReader reader)
    {
        if (reader.PeekTag().HasSameClassAndValue(Context0)) return new SignerName(null, reader.ReadOctets(Context0));
        return new SignerName(CertificateName.Read(reader.ReadSequence()), null);
    }
}
