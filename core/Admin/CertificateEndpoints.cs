using System.Globalization;
using Kipuka.Audit;
using Kipuka.Pki;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/certs: what was issued.</summary>
internal sealed class CertificateEndpoints(Ledger ledger, RevocationNotices notices, Journal journal, TimeProvider clock) : IAdminEndpoints
{
    private const int MostPerPage = 1000;
    private const int MostRecords = 100;
    private const string Tag = "Certificates";

    private static readonly ApiParameter OfCa = new("ca", "The CA, where several have issued this serial number.");

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("certs", ListAsync).Describe(
            "listCertificates", Tag, "Issued certificates, newest first, filtered and in pages.",
            ApiParameter.Page,
            ApiParameter.PerPage(50),
            new("status", "Only those.") { Values = ["active", "revoked", "expired"] },
            new("ca", "Of this CA."),
            new("subject", "A part of the subject."),
            new("issuer", "A part of the issuer."),
            new("label", "Issued under this label."),
            new("issued_after", "Issued after this time (ISO 8601).") { Example = "2026-06-24T14:22:01Z" },
            new("issued_before", "Issued before this time (ISO 8601).") { Example = "2026-06-24T14:22:01Z" }).Fails(400);
        admin.MapGet("certs/{serial}", ShowAsync)
            .Describe("showCertificate", Tag, "One certificate with its PEM, how it was issued, and its last records in the journal.", OfCa).Fails(400, 404, 409);
    }

    private async Task<Ok<CertificateList>> ListAsync(
        int? page, int? per_page, string? status, string? ca, string? subject, string? issuer, string? label,
        string? issued_after, string? issued_before,
        CancellationToken cancel)
    {
        if (page is < 1 or > 1_000_000 || per_page is < 1 or > MostPerPage)
        {
            throw Bad($"page begins at 1, per_page is 1 to {MostPerPage}");
        }
        var filter = new CertificateFilter
        {
            Status = status is null ? null : Enum.TryParse<CertificateStatus>(status, ignoreCase: true, out var parsed) && !int.TryParse(status, out _)
                ? parsed
                : throw Bad("status is active, revoked or expired"),
            Authority = ca,
            Subject = subject,
            Issuer = issuer,
            Label = label,
            IssuedAfter = Time(issued_after, nameof(issued_after)),
            IssuedBefore = Time(issued_before, nameof(issued_before)),
        };
        var found = await ledger.ListAsync(filter, page ?? 1, per_page ?? 50, cancel);
        var now = clock.GetUtcNow();
        List<CertificateView> views = [.. found.Certificates.Select(record => CertificateView.Of(record, now))];
        return TypedResults.Ok(new CertificateList(found.Page, found.PerPage, found.Total, found.IsComplete, views));
    }

    private async Task<Ok<CertificateDetails>> ShowAsync(string serial, string? ca, CancellationToken cancel)
    {
        var record = await FindOneAsync(ledger, serial, ca, cancel);
        var filter = new AuditFilter { Serial = record.Certificate.SerialHex, Authority = record.Authority };
        var trail = await journal.ListAsync(filter, 1, MostRecords, cancel);
        var notice = record.Revoked is null ? null : await notices.StateAsync(record.Certificate.Sha256, cancel);
        return TypedResults.Ok(CertificateDetails.Of(record, notice, [.. trail.Events.Select(AuditJson.Element)], clock.GetUtcNow()));
    }

    /// <summary>The one certificate with this serial number; several are a 409 that lists their CAs (ruling 50).</summary>
    public static async Task<CertificateRecord> FindOneAsync(Ledger ledger, string serial, string? ca, CancellationToken cancel)
    {
        if (!SerialNumbers.TryParse(serial, out var hex))
        {
            throw Bad($"'{Text.Printable(serial)}' is no serial number; write it in hex, with or without colons or 0x");
        }
        var found = await ledger.FindBySerialAsync(hex, ca, cancel);
        return found.Count switch
        {
            0 => throw new AdminException(
                StatusCodes.Status404NotFound, "not_found",
                $"there is no certificate with the serial number {hex}" + (ca is null ? "" : $" of the CA '{Text.Printable(ca)}'")),
            1 => found[0],
            _ => throw new AdminException(
                StatusCodes.Status409Conflict, "ambiguous",
                $"several CAs have issued the serial number {hex}; name one with ca: {string.Join(", ", found.Select(record => record.Authority))}"),
        };
    }

    private static DateTimeOffset? Time(string? text, string name) => text is null
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Bad($"{name} is no ISO 8601 time, such as 2026-06-24T14:22:01Z");

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}
