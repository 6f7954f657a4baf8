using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>Whether this identity may have these names: rulings 32 (enrollment) and 33 (re-enrollment).</summary>
internal sealed class IdentityRules(string label, LabelConfig? config, IReadOnlySet<string> authorities)
{
    public Refusal? CheckEnrollment(IssuedNames names, Requester requester)
    {
        if (requester.IsRa)
        {
            return null;
        }
        if (requester.Certificate is not { } certificate)
        {
            return config?.LinkIdentity == true && !Names(names, requester)
                ? Forbid("identity-link", $"link_identity: this credential is for {requester.Identity.Name} only")
                : null;
        }
        if (requester.Held is not { } held)
        {
            return config?.Bootstrap ?? true
                ? null
                : Forbid("bootstrap", "bootstrap is off: only certificates issued here may enroll");
        }
        if (held.Label != label && !(config?.AcceptLabels.Contains(held.Label) ?? false))
        {
            return Forbid("wrong-label", "the client certificate was issued under another label, which accept_labels does not list");
        }
        return (config?.LinkIdentity ?? true) && !SameNames(names.Subject, names.San, certificate)
            ? Forbid("identity-link", "link_identity: a certificate issued here may enroll only for its own subject and alternative names")
            : null;
    }

    /// <summary>The labels whose certificates are renewed here.</summary>
    public IEnumerable<string> RenewableLabels => [label, .. config?.RenewFrom ?? []];

    public Refusal? CheckRenewal(IRequestedCertificate request, Requester requester)
    {
        if ((requester.Represents?.Certificate ?? requester.Certificate) is not { } certificate)
        {
            return new Refusal(
                RefusalKind.Unauthenticated, "certificate-required",
                "re-enrollment needs the certificate to renew as TLS client certificate (RFC 7030 section 4.2.2)");
        }
        var same = SameNames(request, certificate);
        if (requester is { IsRa: true, Represents: null } && !same)
        {
            return Forbid(
                "nothing-to-renew",
                "there is no certificate with this subject and these alternative names to renew here, or it is revoked or has ended (RFC 7030 section 4.2.2)");
        }
        if ((requester.Represents?.Held ?? requester.Held) is not { } held)
        {
            if (config?.RenewForeign != true)
            {
                return Forbid("foreign-certificate", "renew_foreign is off: only certificates issued here are renewed");
            }
        }
        else if (!authorities.Contains(held.Authority) || !RenewableLabels.Contains(held.Label))
        {
            return Forbid("wrong-label", "the certificate to renew was issued under another label or CA, which renew_from does not list");
        }
        if (!same || requester.Subject?.Equals(certificate.Subject) == false)
        {
            return Forbid("name-mismatch", "subject and alternative names must equal those of the certificate to renew (RFC 7030 section 4.2.2)");
        }
        return request.ChangeSubjectName is null || config?.AllowSubjectChange == true
            ? null
            : Forbid("subject-change", "allow_subject_change is off: ChangeSubjectName is refused");
    }

    private static bool SameNames(IRequestedCertificate request, CertificateFields certificate)
        => SameNames(request.Subject, request.RequestedSan, certificate);

    private static bool SameNames(DistinguishedName subject, GeneralNames? san, CertificateFields certificate)
        => SubjectNames.Same(subject, san, certificate);

    // A one-time password's entity is the common name or the one DNS name; every further name would be one that nobody vouched for. A subject
    // that was mapped to the identity is its own.
    private static bool Names(IssuedNames names, Requester requester)
    {
        var entity = requester.Identity.Name;
        List<string> common = requester.Subject is null ? [.. names.Subject.CommonNames] : [entity];
        var alternative = names.San?.Entries ?? [];
        return (common.Count == 1 || alternative.Count == 1)
            && common.All(name => name == entity)
            && alternative.All(name => name.Kind == GeneralNameKind.Dns && name.Value.Equals(entity, StringComparison.OrdinalIgnoreCase));
    }

    private static Refusal Forbid(string code, string detail) => new(RefusalKind.Forbidden, code, detail);
}
