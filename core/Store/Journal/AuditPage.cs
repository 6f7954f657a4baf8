using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>A page of the journal, newest first.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">The most a page has.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="IsComplete">False when older ones have not been looked at yet: <paramref name="Total"/> will grow.</param>
/// <param name="Events">Those of this page.</param>
internal sealed record AuditPage(int Page, int PerPage, long Total, bool IsComplete, IReadOnlyList<AuditEvent> Events);
