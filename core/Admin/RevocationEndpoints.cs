using System.Security.Cryptography.X509Certificates;
using Kipuka.Enroll;
using Kipuka.Pki;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>Revocation (ruling 50): the ledger is marked, with its audit record, before anything else happens.</summary>
internal sealed class RevocationEndpoints(Ledger ledger, Revocations revocations) : IAdminEndpoints
{
    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("certs/{serial}/revoke", (HttpContext context, string serial, string? ca, RevokeRequest? request, CancellationToken cancel)
            => RevokeAsync(context, serial, request?.Ca ?? ca, request?.Reason, cancel))
            .Describe("revokeCertificate", "Certificates", "Revokes a certificate.", new ApiParameter("ca", "The CA, where several have issued this serial number."))
            .Fails(400, 404, 409);
        admin.MapPost("revoke", (HttpContext context, RevokeRequest request, CancellationToken cancel)
            => RevokeAsync(context, request.Serial ?? throw Bad("serial is missing"), request.Ca, request.Reason, cancel))
            .Describe("revokeCertificateByBody", "Certificates", "Revokes a certificate named in the body.").Fails(400, 404, 409);
    }

    private async Task<Ok<Revocation>> RevokeAsync(HttpContext context, string serial, string? ca, string? reasonText, CancellationToken cancel)
    {
        var reason = X509RevocationReason.Unspecified;
        if (reasonText is not null && !RevocationReasons.TryParse(reasonText, out reason))
        {
            throw Bad($"'{Text.Printable(reasonText)}' is no revocation reason; use one of {string.Join(", ", RevocationReasons.Names)}, or its number");
        }
        if (reason == X509RevocationReason.RemoveFromCrl)
        {
            throw Bad("removeFromCRL takes a certificate off hold; it revokes nothing");
        }
        var record = await CertificateEndpoints.FindOneAsync(ledger, serial, ca, cancel);
        var hex = record.Certificate.SerialHex;
        var (outcome, at) = await revocations.RevokeAsync(record, reason, AdminGate.OperatorOf(context), context.Connection.RemoteIpAddress);
        return outcome switch
        {
            RevokeOutcome.Revoked => TypedResults.Ok(new Revocation(hex, "revoked", at, RevocationReasons.Name(reason), record.Authority)),
            RevokeOutcome.AlreadyRevoked => throw new AdminException(
                StatusCodes.Status409Conflict, "already_revoked", $"the certificate {hex} is revoked already"),
            _ => throw new AdminException(StatusCodes.Status404NotFound, "not_found", $"there is no certificate with the serial number {hex}"),
        };
    }

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}

/// <summary>What to revoke, and why: a name or number of RFC 5280 section 5.3.1.</summary>
internal sealed record RevokeRequest(string? Serial, [property: System.Text.Json.Serialization.JsonConverter(typeof(TextOrNumber))] string? Reason, string? Ca);

internal sealed record Revocation(string Serial, string Status, DateTimeOffset RevocationTime, string RevocationReason, string CaId);
