using Kipuka.Config;
using Kipuka.Config.Binding;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>What a label's policy allows, for people and programs that look: the rules' values after all defaults, and the same in sentences.</summary>
internal sealed record PolicyDescription(
    IReadOnlyList<string> KeyTypes,
    IReadOnlyList<string>? SignatureAlgorithms,
    IReadOnlyList<string> ExtKeyUsages,
    IReadOnlyList<string> FurtherExtKeyUsages,
    int ValidityDays,
    int MaxValidityDays,
    string ValidityPolicy,
    bool RequireSan,
    bool AllowWildcards,
    string? SubjectPattern,
    IReadOnlyList<string> AllowedSubjects,
    bool RequireProofOfPossession,
    string? ProfileRules,
    bool Strict,
    string Approval,
    long? ApprovalExpiresSeconds,
    bool? LinkIdentity,
    bool Bootstrap,
    IReadOnlyList<string> AcceptLabels,
    IReadOnlyList<string> RenewFrom,
    bool RenewForeign,
    bool AllowSubjectChange,
    int ExpiredGraceDays,
    string RevokePrevious)
{
    /// <summary>The description of a label.</summary>
    /// <param name="label">Null for the unlabelled path.</param>
    /// <param name="defaults"><c>[enrollment]</c>.</param>
    /// <param name="authorities">The CAs of the label's group; at least one.</param>
    public static PolicyDescription Of(LabelConfig? label, EnrollmentConfig defaults, IReadOnlyList<CaConfig> authorities)
    {
        // A label as it would be if nothing were said in it.
        var own = label ?? new LabelConfig { Name = "", CaId = authorities[0].Id };
        var most = own.MaxValidityDays ?? defaults.MaxValidityDays ?? int.MaxValue;
        return new PolicyDescription(
            KeyNames(own.AllowedKeyTypes ?? defaults.AllowedKeyTypes),
            own.AllowedSignatureAlgorithms ?? defaults.AllowedSignatureAlgorithms,
            Usages(own.RequiredExtKeyUsage.Count > 0 ? own.RequiredExtKeyUsage : authorities.SelectMany(ca => ca.DefaultExtKeyUsage)),
            Usages(own.AllowedExtKeyUsage),
            Math.Min(most, authorities.Min(ca => Math.Min(ca.ValidityDays, ca.MaxValidityDays))),
            Math.Min(most, authorities.Max(ca => ca.MaxValidityDays)),
            own.ValidityPolicy,
            NameRules.From(label, defaults).RequiresAlternativeName,
            own.AllowWildcards,
            own.SubjectPattern,
            [.. authorities.SelectMany(ca => ca.AllowedSubjects).Distinct()],
            own.RequireProofOfPossession ?? defaults.RequireProofOfPossession,
            own.ProfileRules ?? authorities.Select(ca => ca.ProfileRules).FirstOrDefault(rules => rules is not null),
            own.Strict,
            own.Approval,
            own.Approval == "manual" ? (long)own.ApprovalExpires.TotalSeconds : null,
            own.LinkIdentity,
            own.Bootstrap,
            own.AcceptLabels,
            own.RenewFrom,
            own.RenewForeign,
            own.AllowSubjectChange,
            own.ExpiredGraceDays,
            own.RevokePrevious ?? defaults.RevokePrevious);
    }

    /// <summary>The same in sentences, the most important first.</summary>
    public IReadOnlyList<string> Sentences() =>
    [
        Approval == "manual"
            ? $"An operator has to approve every certificate within {Durations.Format(TimeSpan.FromSeconds(ApprovalExpiresSeconds!.Value))}."
            : "Certificates are issued without asking anybody.",
        $"Keys: {string.Join(", ", KeyTypes)}.",
        .. SignatureAlgorithms is { } algorithms ? [$"Requests are signed with {string.Join(", ", algorithms)}."] : (string[])[],
        $"Certificates last {Days(ValidityDays)}, or as asked up to {Days(MaxValidityDays)}; "
            + (ValidityPolicy == "reject" ? "a request for more is refused." : "a request for more gets the most."),
        $"They are for {string.Join(", ", ExtKeyUsages)}."
            + (FurtherExtKeyUsages.Count > 0 ? $" A request may add {string.Join(", ", FurtherExtKeyUsages)}." : ""),
        (RequireSan ? "A subject alternative name is required" : "A subject alternative name may be missing")
            + (AllowWildcards ? "; wildcards are allowed." : "; wildcards are not allowed."),
        .. SubjectPattern is null ? (string[])[] : [$"The subject has to match {SubjectPattern}."],
        .. AllowedSubjects.Count == 0 ? (string[])[] : [$"The CA allows only the subjects {string.Join(", ", AllowedSubjects)}."],
        .. ProfileRules is null ? (string[])[] : ["The CA/Browser Forum's rules hold."],
        .. Strict ? ["A request that asks for something that is not granted is refused as a whole."] : (string[])[],
        RequireProofOfPossession ? "A request has to prove that the sender has the key." : "A request need not prove that the sender has the key.",
        .. AcceptLabels.Count == 0 ? (string[])[] : [$"Certificates of {string.Join(", ", AcceptLabels)} may enroll here."],
        Bootstrap
            ? "A client certificate that was not issued here may enroll, if its CA is trusted."
            : "Only client certificates that were issued here may enroll.",
        .. RenewFrom.Count == 0 ? (string[])[] : [$"Certificates of {string.Join(", ", RenewFrom)} are renewed here, too."],
        .. RenewForeign ? ["Certificates that were not issued here are renewed."] : (string[])[],
        .. AllowSubjectChange ? ["A renewal may change the subject."] : (string[])[],
        .. ExpiredGraceDays == 0 ? (string[])[] : [$"A certificate is renewed up to {Days(ExpiredGraceDays)} after its end."],
        RevokePrevious switch
        {
            Config.RevokePrevious.None => "What was renewed stays valid to its end.",
            "on-success" => "What was renewed is revoked as soon as the new certificate has been delivered.",
            _ => $"What was renewed is revoked {RevokePrevious.Split(':')[^1]} after the new certificate has been delivered.",
        },
    ];

    private static List<string> KeyNames(IReadOnlyList<string>? names) => names is null
        ? [.. KeyType.Certifiable.Select(type => type.Name)]
        : [.. names.Select(name => KeyType.TryParse(name, out var type) ? type.Name : name).Distinct()];

    private static List<string> Usages(IEnumerable<string> names) => [.. names.Select(name => Eku.TryParse(name, out var oid) ? Eku.Name(oid) : name).Distinct()];

    private static string Days(int days) => days == 1 ? "1 day" : $"{days} days";
}
