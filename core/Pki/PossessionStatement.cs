using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>
/// privateKeyPossessionStatement (RFC 9883 4): the CSR's key cannot sign, so the CSR is signed with the key of a certificate that the same
/// subject has.
/// </summary>
/// <param name="Issuer">The certificate's issuer.</param>
/// <param name="SerialHex">The certificate's serial number.</param>
/// <param name="Certificate">The certificate itself, where the client sent it along.</param>
internal sealed record PossessionStatement(DistinguishedName Issuer, string SerialHex, CertificateFields? Certificate)
{
    private const string What = "the privateKeyPossessionStatement";

    public static PossessionStatement? Read(RequestAttributes attributes) =>
        attributes.Single(Oids.PossessionStatement, What) is { } value ? Parse(value) : null;

    public bool Names(CertificateFields certificate) => certificate.SerialHex == SerialHex && certificate.Issuer.Equals(Issuer);

    private static PossessionStatement Parse(ReadOnlyMemory<byte> der)
    {
        var (issuer, serial, certificate) = Der.Read(der, What, static reader =>
        {
            var statement = reader.ReadSequence();
            var signer = statement.ReadSequence();
            var issuer = signer.ReadEncodedValue();
            var serial = signer.ReadIntegerBytes();
            signer.ThrowIfNotEmpty();
            var certificate = statement.HasData ? statement.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
            statement.ThrowIfNotEmpty();
            return (issuer, serial, certificate);
        });
        var found = new PossessionStatement(
            DistinguishedName.Parse(issuer, $"the issuer in {What}"), SerialNumbers.Format(serial.Span),
            certificate is { } bytes ? CertificateFields.Parse(bytes) : null);
        return found.Certificate is null || found.Names(found.Certificate)
            ? found
            : throw new MalformedException($"{What} names one certificate and carries another (RFC 9883 4)");
    }
}
