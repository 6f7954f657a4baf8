namespace Kipuka.Store;

/// <summary>A certificate in the ledger.</summary>
/// <param name="Certificate">What was issued.</param>
/// <param name="Authority">The CA's id.</param>
/// <param name="Label">The label it was issued under; empty for the unlabelled path.</param>
/// <param name="Operation">Such as <c>simpleenroll</c>.</param>
/// <param name="Identity">Method and key of the identity that asked for it.</param>
/// <param name="Transaction">The transaction that issued it.</param>
/// <param name="Issued">When it was recorded.</param>
/// <param name="Revoked">When it was revoked.</param>
/// <param name="Reason">Why (RFC 5280 section 5.3.1); null when it is not revoked.</param>
internal sealed record CertificateRecord(
    IssuedCertificate Certificate,
    string Authority,
    string Label,
    string Operation,
    string Identity,
    Guid Transaction,
    DateTimeOffset Issued,
    DateTimeOffset? Revoked,
    int? Reason);
