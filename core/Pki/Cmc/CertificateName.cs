using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>A certificate by its issuer's name and its serial number (RFC 5652 10.2.4).</summary>
internal sealed record CertificateName(DistinguishedName Issuer, string SerialHex)
{
    public bool Names(CertificateFields certificate) => certificate.SerialHex == SerialHex && certificate.Issuer.Equals(Issuer);

    /// <summary>IssuerAndSerialNumber's content.</summary>
    public static CertificateName Read(AsnReader sequence)
    {
        var issuer = DistinguishedName.Parse(sequence.ReadEncodedValue(), "an issuer's name");
        var name = new CertificateName(issuer, ReadSerial(sequence));
        sequence.ThrowIfNotEmpty();
        return name;
    }

    public static string ReadSerial(AsnReader reader)
    {
        var serial = reader.ReadIntegerBytes();
        return serial.Length <= Limits.SerialBytes
            ? SerialNumbers.Format(serial.Span)
            : throw new MalformedException($"a serial number is longer than {Limits.SerialBytes} bytes");
    }
}
