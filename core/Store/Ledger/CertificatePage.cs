namespace Kipuka.Store;

/// <summary>A page of a list, newest first.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">The most a page has.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="IsComplete">False when older ones have not been looked at yet: <paramref name="Total"/> will grow.</param>
/// <param name="Certificates">Those of this page.</param>
internal sealed record CertificatePage(int Page, int PerPage, long Total, bool IsComplete, IReadOnlyList<CertificateRecord> Certificates);
