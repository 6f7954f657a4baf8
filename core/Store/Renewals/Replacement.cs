namespace Kipuka.Store;

/// <summary>An operator's wish that certificates be renewed earlier than their age says. What is null does not narrow.</summary>
/// <param name="Id">To lift it by.</param>
/// <param name="Start">From when on they are to be renewed.</param>
/// <param name="End">Until when; after the start.</param>
/// <param name="Reason">For operators.</param>
/// <param name="CreatedBy">The operator.</param>
/// <param name="Created">When.</param>
internal sealed record Replacement(Guid Id, DateTimeOffset Start, DateTimeOffset End, string Reason, string CreatedBy, DateTimeOffset Created)
{
    /// <summary>The CA's id.</summary>
    public string? Authority { get; init; }

    /// <summary>The label; empty for the unlabelled path.</summary>
    public string? Label { get; init; }

    /// <summary>Lower-case hex.</summary>
    public string? SerialHex { get; init; }

    /// <summary>Part of the subject's text, without regard to case.</summary>
    public string? Subject { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? IssuedBefore { get; init; }

    /// <summary>A page for those who ask why; clients are told.</summary>
    public string? ExplanationUrl { get; init; }

    public bool Covers(CertificateRecord certificate)
        => (Authority is null || Authority == certificate.Authority)
            && (Label is null || Label == certificate.Label)
            && (SerialHex is null || SerialHex == certificate.Certificate.SerialHex)
            && (Subject is null || certificate.Certificate.SubjectText.Contains(Subject, StringComparison.OrdinalIgnoreCase))
            && (IssuedBefore is null || certificate.Issued < IssuedBefore);
}
