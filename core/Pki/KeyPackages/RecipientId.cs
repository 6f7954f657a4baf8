using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>How an envelope names the key that opens it: its key identifier, or the certificate that holds it (RFC 5652 section 6.2.1).</summary>
internal sealed class RecipientId
{
    private readonly ReadOnlyMemory<byte> _keyIdentifier;
    private readonly CertificateFields? _certificate;

    public RecipientId(ReadOnlyMemory<byte> keyIdentifier) => _keyIdentifier = keyIdentifier;

    public RecipientId(CertificateFields certificate) => _certificate = certificate;

    public bool IsKeyIdentifier => _certificate is null;

    /// <summary>For key transport: the key identifier stands bare under [0].</summary>
    public void WriteForTransport(AsnWriter writer)
    {
        if (_certificate is null) writer.WriteOctetString(_keyIdentifier.Span, new Asn1Tag(TagClass.ContextSpecific, 0));
        else WriteIssuerAndSerial(writer, _certificate);
    }

    /// <summary>For key agreement: the same in a sequence, which could also hold a date (RFC 5652 section 6.2.2).</summary>
    public void WriteForAgreement(AsnWriter writer)
    {
        if (_certificate is not null)
        {
            WriteIssuerAndSerial(writer, _certificate);
            return;
        }
        using var key = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        writer.WriteOctetString(_keyIdentifier.Span);
    }

    private static void WriteIssuerAndSerial(AsnWriter writer, CertificateFields certificate)
    {
        using var both = writer.PushSequence();
        writer.WriteEncodedValue(certificate.IssuerRaw.Span);
        writer.WriteInteger(certificate.SerialNumber.Span);
    }
}
