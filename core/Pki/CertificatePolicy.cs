namespace Kipuka.Pki;

/// <summary>A policy that a certificate is issued under (RFC 5280 4.2.1.4), and where its practice statement is.</summary>
internal sealed record CertificatePolicy(string Oid, string? Cps = null);
