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

    public Refusal? CheckRenewal(IRequestedCertificate request, Requester requester)
    {
        if (requester.Certificate is not { } certificate)
        {
            return new Refusal(
                RefusalKind.Unauthenticated, "certificate-required",
                "re-enrollment needs the certificate to renew as TLS client certificate (RFC 7030 section 4.2.2)");
        }
        if (requester.Held is not { } held)
        {
            if (config?.RenewForeign != true)
            {
                return Forbid("foreign-certificate", "renew_foreign is off: only certificates issued here are renewed");
            }
        }
        else if (!authorities.Contains(held.Authority) || (held.Label != label && !(config?.RenewFrom.Contains(held.Label) ?? false)))
        {
            return Forbid("wrong-label", "the certificate to renew was issued under another label or CA, which renew_from does not list");
        }
        if (!SameNames(request.Subject, request.RequestedSan, certificate) || requester.Subject?.Equals(certificate.Subject) == false)
        {
            return Forbid("name-mismatch", "subject and alternative names must equal those of the certificate to renew (RFC 7030 section 4.2.2)");
        }
        return request.ChangeSubjectName is null || config?.AllowSubjectChange == true
            ? null
            : Forbid("subject-change", "allow_subject_change is off: ChangeSubjectName is refused");
    }

    private static bool SameNames(DistinguishedName subject, GeneralNames? san, CertificateFields certificate)
        => subject.Equals(certificate.Subject) && GeneralNames.Same(san, certificate.SubjectAltName);

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
