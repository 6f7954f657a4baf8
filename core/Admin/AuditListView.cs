namespace Kipuka.Admin;

/// <summary>A page of the journal. It is written by <see cref="Audit.AuditJson"/>; this describes it.</summary>
internal sealed record AuditListView(IReadOnlyList<AuditRecordView> Events, long Total, bool Complete, int Page, int PerPage);

/// <summary>A record of the journal: the members of both of the book's shapes (ruling 55).</summary>
/// <param name="Details">Everything that was recorded, but for the certificate.</param>
internal sealed record AuditRecordView(
    DateTimeOffset Timestamp, string EventType, string Action, string Niap, string Outcome, string Result, string? Subject, string? Actor, string? AuthMethod,
    string? SourceIp, string? ClientIp, string? Label, string? CaId, string? Serial, string? Issuer, string? NotBefore, string? NotAfter, string? Fingerprint,
    string? Reason, IReadOnlyDictionary<string, string> Details, string Node, long Sequence, string PreviousHash, string Hash);
