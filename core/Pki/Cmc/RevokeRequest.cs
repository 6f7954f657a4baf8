using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki.Cmc;

/// <summary>A revocation request (RFC 5272 6.11).</summary>
/// <param name="BodyPart">The control.</param>
/// <param name="Certificate">What to revoke.</param>
/// <param name="Reason">Why.</param>
/// <param name="HasSharedSecret">Whether a secret is given: none is kept here that it could be compared with.</param>
internal sealed record RevokeRequest(uint BodyPart, CertificateName Certificate, X509RevocationReason Reason, bool HasSharedSecret)
{
    private const string What = "the revokeRequest control";
    private const int MostReason = 10;

    public static RevokeRequest Read(CmcControl control) => control.Value(What, reader =>
    {
        var sequence = reader.ReadSequence();
        var issuer = DistinguishedName.Parse(sequence.ReadEncodedValue(), $"the issuer of {What}");
        var serial = CertificateName.ReadSerial(sequence);
        var reason = ReadReason(sequence);
        if (Stands(sequence, Asn1Tag.GeneralizedTime)) sequence.ReadGeneralizedTime(); // invalidityDate: a suggestion for a CRL
        var secret = Stands(sequence, Asn1Tag.PrimitiveOctetString);
        if (secret) sequence.ReadOctets();
        if (sequence.HasData) sequence.ReadCharacterString(UniversalTagNumber.UTF8String);
        sequence.ThrowIfNotEmpty();
        return new RevokeRequest(control.BodyPart, new CertificateName(issuer, serial), reason, secret);
    });

    private static X509RevocationReason ReadReason(AsnReader sequence)
    {
        var bytes = sequence.ReadEnumeratedBytes().Span;
        return bytes.Length == 1 && bytes[0] <= MostReason && Enum.IsDefined((X509RevocationReason)bytes[0])
            ? (X509RevocationReason)bytes[0]
            : throw new MalformedException($"{What} has an unknown reason (RFC 5280 5.3.1)");
    }

    private static bool Stands(AsnReader reader, Asn1Tag tag) => reader.HasData && reader.PeekTag().HasSameClassAndValue(tag);
}
