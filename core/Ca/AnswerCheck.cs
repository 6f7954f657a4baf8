using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Ca;

/// <summary>Compares a CA's answer with the draft: no authority, broken or taken over, gets a certificate past this that policy did not make.</summary>
internal static class AnswerCheck
{
    /// <summary>The first difference in one phrase for the operator; null when the certificate is the draft's.</summary>
    public static string? FindDifference(CertificateDraft draft, ReadOnlyMemory<byte> answer, KnownCertificates issuer)
    {
        try
        {
            var certificate = CertificateFields.Parse(answer);
            return FindInFields(draft, certificate, issuer)
                ?? FindInExtensions(draft.Extensions, certificate.Extensions)
                ?? FindInAuthorityKeyIdentifier(certificate, issuer)
                ?? (issuer.Key.Signed(certificate) ? null : "its signature is not the issuer's");
        }
        catch (MalformedException fault)
        {
            return fault.Message;
        }
    }

    private static string? FindInFields(CertificateDraft draft, CertificateFields certificate, KnownCertificates issuer)
    {
        if (!SameNumber(certificate.SerialNumber.Span, draft.Serial.Span))
        {
            return $"its serial number is {certificate.SerialHex}, not {SerialNumbers.Format(draft.Serial.Span)}";
        }
        if (!Same(certificate.IssuerRaw, issuer.Issuer.SubjectRaw)) return "its issuer is not the subject of the issuing certificate";
        if (!Same(certificate.SubjectRaw, draft.Subject.RawData)) return "its subject is another";
        if (!Same(certificate.SubjectPublicKeyInfo, draft.SubjectPublicKeyInfo)) return "its public key is another";
        return certificate.NotBefore == draft.NotBefore && certificate.NotAfter == draft.NotAfter
            ? null
            : $"it is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}, not from {draft.NotBefore:u} to {draft.NotAfter:u}";
    }

    // The order is free (RFC 5280 4.2 gives it no meaning); everything else is not. The parser has refused an OID that occurs twice.
    private static string? FindInExtensions(IReadOnlyList<X509Extension> drafted, IReadOnlyList<CertificateExtension> found)
    {
        foreach (var wanted in drafted)
        {
            if (found.FirstOrDefault(extension => extension.Oid == wanted.Oid!.Value) is not { } extension)
            {
                return $"the extension {wanted.Oid!.Value} is missing";
            }
            if (extension.Critical != wanted.Critical || !extension.Value.Span.SequenceEqual(wanted.RawData))
            {
                return $"the extension {extension.Oid} is another";
            }
        }
        return found.FirstOrDefault(extension => extension.Oid != Oids.AuthorityKeyIdentifier && drafted.All(wanted => wanted.Oid!.Value != extension.Oid))
            is { } surplus ? $"it has the extension {surplus.Oid}, which was not asked for" : null;
    }

    // RFC 5280 4.2.1.1: the keyIdentifier must be there, is not critical, and is the issuer's own subject key identifier.
    private static string? FindInAuthorityKeyIdentifier(CertificateFields certificate, KnownCertificates issuer)
    {
        if (certificate.AuthorityKeyIdentifier is not { IsEmpty: false } identifier) return "it has no authority key identifier";
        if (certificate.Extensions.Any(extension => extension.Oid == Oids.AuthorityKeyIdentifier && extension.Critical))
        {
            return "its authority key identifier is critical";
        }
        return issuer.IssuerKeyIdentifier is { } own && !Same(identifier, own) ? "its authority key identifier is not the issuer's" : null;
    }

    private static bool Same(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);

    // The content of an INTEGER whose first bit is set is a negative number, whatever its digits look like.
    private static bool SameNumber(ReadOnlySpan<byte> content, ReadOnlySpan<byte> number)
        => content[0] < 0x80 && content.TrimStart((byte)0).SequenceEqual(number.TrimStart((byte)0));
}
