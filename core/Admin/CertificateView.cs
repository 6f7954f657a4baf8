using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kipuka.Pki;
using Kipuka.Store;

namespace Kipuka.Admin;

/// <summary>A page of certificates; incomplete while older ones have not been looked at.</summary>
internal sealed record CertificateList(int Page, int PerPage, long Total, bool Complete, IReadOnlyList<CertificateView> Certificates);

/// <summary>A certificate in a list.</summary>
internal sealed record CertificateView(
    string Serial,
    string Subject,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    string Status,
    string CaId,
    string? Label,
    string EnrollmentType,
    DateTimeOffset IssuedAt,
    DateTimeOffset? RevocationTime,
    string? RevocationReason)
{
    public static CertificateView Of(CertificateRecord record, DateTimeOffset now) => new(
        record.Certificate.SerialHex,
        record.Certificate.SubjectText,
        record.Certificate.IssuerText,
        record.Certificate.NotBefore,
        record.Certificate.NotAfter,
        record.Revoked is not null ? "revoked" : record.Certificate.NotAfter < now ? "expired" : "active",
        record.Authority,
        record.Label.Length > 0 ? record.Label : null,
        record.Operation,
        record.Issued,
        record.Revoked,
        record.Reason is { } reason ? RevocationReasons.Name((X509RevocationReason)reason) : null);
}

/// <summary>A certificate with everything that is known of it.</summary>
/// <param name="CaNotice">Whether its CA knows of the revocation; null where none is to be told.</param>
/// <param name="Audit">Its last records in the journal, newest first: the shape of /admin/audit.</param>
internal sealed record CertificateDetails(
    CertificateView Certificate, string FingerprintSha256, string KeyType, string Identity, Guid Transaction, IReadOnlyList<string> SubjectAltNames, string Pem,
    NoticeView? CaNotice, IReadOnlyList<JsonElement> Audit)
{
    public static CertificateDetails Of(CertificateRecord record, NoticeState? notice, IReadOnlyList<JsonElement> audit, DateTimeOffset now)
    {
        var fields = CertificateFields.Parse(record.Certificate.Der);
        return new CertificateDetails(
            CertificateView.Of(record, now),
            fields.FingerprintSha256,
            record.Certificate.KeyType,
            record.Identity,
            record.Transaction,
            [.. (fields.SubjectAltName?.Entries ?? []).Select(name => name.Text)],
            Pki.Pem.Write("CERTIFICATE", record.Certificate.Der.Span),
            NoticeView.Of(notice),
            audit);
    }
}
