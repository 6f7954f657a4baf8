namespace Kipuka.Store;

/// <summary>A page of a list, newest first.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">The most a page has.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Certificates">Those of this page.</param>
internal sealed record CertificatePage(int Page, int PerPage, long Total, IReadOnlyList<CertificateRecord> Certificates);
