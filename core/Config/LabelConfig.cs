using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[[est.label]]</c>. What is null here is inherited from <c>[enrollment]</c> or the CA.</summary>
internal sealed record LabelConfig
{
    public static readonly TimeSpan DefaultApprovalExpires = TimeSpan.FromDays(7);

    public required string Name { get; init; }

    public required string CaId { get; init; }

    /// <summary>Names of authentication methods, in order; null is all configured ones (ruling 16).</summary>
    public IReadOnlyList<string>? Auth { get; init; }

    /// <summary>For CAs with profiles of their own.</summary>
    public string? Profile { get; init; }

    public IReadOnlyList<string>? AllowedKeyTypes { get; init; }

    public IReadOnlyList<string>? AllowedSignatureAlgorithms { get; init; }

    public IReadOnlyList<string> RequiredExtKeyUsage { get; init; } = [];

    /// <summary>EKUs that a request may ask for besides the CA's and the required ones (ruling 37).</summary>
    public IReadOnlyList<string> AllowedExtKeyUsage { get; init; } = [];

    [Setting(Min = 1, Max = 36500)]
    public int? MaxValidityDays { get; init; }

    /// <summary>Ruling 38.</summary>
    [Setting(OneOf = ["clamp", "reject"])]
    public string ValidityPolicy { get; init; } = "clamp";

    public bool? RequireSan { get; init; }

    /// <summary>A regular expression over the subject text of ruling 56.</summary>
    public string? SubjectPattern { get; init; }

    public bool AllowWildcards { get; init; }

    public bool? RequireProofOfPossession { get; init; }

    [Setting(OneOf = ["cabf"])]
    public string? ProfileRules { get; init; }

    /// <summary>A request that asks for what policy does not grant is refused, instead of getting the rest.</summary>
    public bool Strict { get; init; }

    /// <summary>In place of the CA's; empty is the CA's.</summary>
    [Setting(Max = 16)]
    public IReadOnlyList<CertificatePolicyConfig> CertificatePolicies { get; init; } = [];

    /// <summary>In place of those of <c>[est]</c>; null is the same.</summary>
    public IReadOnlyList<string>? CsrAttributes { get; init; }

    /// <summary>In place of that of <c>[est]</c>; null is the same.</summary>
    public CsrTemplateConfig? CsrTemplate { get; init; }

    /// <summary>In place of that of <c>[est]</c>; null is the same.</summary>
    [Setting(OneOf = ["both", "attributes", "template"])]
    public string? CsrAttributesForm { get; init; }

    /// <summary>Ruling 45: <c>manual</c> lets an operator decide about every request.</summary>
    [Setting(OneOf = ["none", "manual"])]
    public string Approval { get; init; } = "none";

    /// <summary>How long a request waits for its decision.</summary>
    [Setting(Min = 60, Max = 90 * 86400)]
    public TimeSpan ApprovalExpires { get; init; } = DefaultApprovalExpires;

    /// <summary>This label's own anchors for client certificates (ruling 10).</summary>
    public IReadOnlyList<SettingsFile>? TrustAnchors { get; init; }

    /// <summary>
    /// Ruling 32: what a certificate or password of ours may ask for is tied to whom it was given. Null is the method's default.
    /// </summary>
    public bool? LinkIdentity { get; init; }

    /// <summary>Ruling 32: certificates of these other labels may enroll here.</summary>
    public IReadOnlyList<string> AcceptLabels { get; init; } = [];

    /// <summary>Ruling 32: certificates that we did not issue may enroll.</summary>
    public bool Bootstrap { get; init; } = true;

    /// <summary>Ruling 33: certificates of these other labels may be renewed here.</summary>
    public IReadOnlyList<string> RenewFrom { get; init; } = [];

    /// <summary>Ruling 33: certificates that we did not issue may be renewed.</summary>
    public bool RenewForeign { get; init; }

    public bool AllowSubjectChange { get; init; }

    [Setting(Min = 0, Max = 3650)]
    public int ExpiredGraceDays { get; init; }

    /// <summary>What becomes of a certificate that was renewed: <see cref="Config.RevokePrevious"/>.</summary>
    public string? RevokePrevious { get; init; }
}
