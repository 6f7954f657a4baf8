namespace Kipuka.Store;

/// <summary>Which certificates to list; what is null does not narrow.</summary>
internal sealed record CertificateFilter
{
    public CertificateStatus? Status { get; init; }

    /// <summary>The CA's id.</summary>
    public string? Authority { get; init; }

    /// <summary>Part of the subject's text, without regard to the case of ASCII letters.</summary>
    public string? Subject { get; init; }

    /// <summary>Part of the issuer's text, likewise.</summary>
    public string? Issuer { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? IssuedAfter { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? IssuedBefore { get; init; }

    /// <summary>The label; empty for the unlabelled path.</summary>
    public string? Label { get; init; }
}

/// <summary>A certificate is exactly one of these; a revoked one stays revoked when it expires.</summary>
internal enum CertificateStatus
{
    Active,
    Revoked,
    Expired,
}
