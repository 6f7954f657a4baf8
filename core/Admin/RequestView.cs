using Kipuka.Store;

namespace Kipuka.Admin;

/// <summary>A page of requests.</summary>
internal sealed record RequestList(int Page, int PerPage, long Total, bool Complete, IReadOnlyList<RequestView> Requests);

/// <summary>A request, with every name that would be certified.</summary>
internal sealed record RequestView(
    Guid Id,
    string Status,
    string Subject,
    IReadOnlyList<string> SubjectAltNames,
    IReadOnlyList<string> ExtKeyUsages,
    string KeyType,
    string CaId,
    string? Label,
    string EnrollmentType,
    string Requester,
    string SourceIp,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string? DecidedBy,
    DateTimeOffset? DecidedAt,
    string? Reason)
{
    public static RequestView Of(PendingRequest request, DateTimeOffset now) => new(
        request.Id,
        RequestEndpoints.Word(request.StatusAt(now)),
        request.Subject,
        request.Names,
        request.Usages,
        request.KeyType,
        request.Authority,
        request.Key.Label.Length > 0 ? request.Key.Label : null,
        request.Operation,
        request.Requester,
        request.Source,
        request.Created,
        request.Expires,
        request.DecidedBy,
        request.Decided,
        request.Reason);
}

/// <summary>A request with the bytes that were sent: a PKCS#10 in PEM, a CRMF message in base64.</summary>
internal sealed record RequestDetails(RequestView Request, string? Pem, string Der)
{
    public static RequestDetails Of(PendingRequest request, DateTimeOffset now) => new(
        RequestView.Of(request, now),
        request.Operation == "fullcmc" ? null : Pki.Pem.Write("CERTIFICATE REQUEST", request.Request.Span),
        Convert.ToBase64String(request.Request.Span));
}
