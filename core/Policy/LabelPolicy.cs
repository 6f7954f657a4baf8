using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Policy;

/// <summary>
/// One label's policy. It builds drafts from nothing: what a request asks for is looked at, judged and rebuilt, never copied.
/// </summary>
internal sealed class LabelPolicy
{
    private readonly KeyRules _keys;
    private readonly NameRules _names;
    private readonly UsageRules _usages;
    private readonly ValidityRules _validity;
    private readonly IdentityRules _identities;
    private readonly bool _cabf;

    /// <param name="label">Null for the unlabelled path.</param>
    /// <param name="defaults"><c>[enrollment]</c>.</param>
    /// <param name="authorities">The CAs of the label's group.</param>
    public LabelPolicy(LabelConfig? label, EnrollmentConfig defaults, IReadOnlySet<string> authorities)
    {
        Profile = label?.Name ?? "";
        RequiresPossession = label?.RequireProofOfPossession ?? defaults.RequireProofOfPossession;
        NeedsApproval = label?.Approval == "manual";
        ApprovalLifetime = label?.ApprovalExpires ?? LabelConfig.DefaultApprovalExpires;
        _keys = KeyRules.From(label, defaults);
        _names = NameRules.From(label, defaults);
        _usages = UsageRules.From(label);
        _validity = ValidityRules.From(label, defaults);
        _identities = new IdentityRules(Profile, label, authorities);
        ExpiredGrace = TimeSpan.FromDays(label?.ExpiredGraceDays ?? 0);
        RevokesPreviousAfter = RevokePrevious.TryParse(label?.RevokePrevious ?? defaults.RevokePrevious, out var after)
            ? after
            : throw new ArgumentException($"revoke_previous of {Profile} is not checked.", nameof(label));
        _cabf = label?.ProfileRules == "cabf";
    }

    /// <summary>The label's name; empty for the unlabelled path.</summary>
    public string Profile { get; }

    public bool RequiresPossession { get; }

    /// <summary>Whether a person has to agree to each certificate (ruling 45).</summary>
    public bool NeedsApproval { get; }

    /// <summary>How long a request waits for a decision, and a decision for its request.</summary>
    public TimeSpan ApprovalLifetime { get; }

    /// <summary>How long after its end a certificate is still renewed (ruling 33).</summary>
    public TimeSpan ExpiredGrace { get; }

    /// <summary>How long after the new certificate was delivered the renewed one is revoked; null: it is not.</summary>
    public TimeSpan? RevokesPreviousAfter { get; }

    /// <summary>The labels whose certificates are renewed here (ruling 33).</summary>
    public IEnumerable<string> RenewableLabels => _identities.RenewableLabels;

    /// <summary>Judges a request for one CA, in the book's order: key, SAN, subject, EKU, validity; then whether this identity may have it.</summary>
    public Approval Approve(ProvenRequest proven, Requester requester, bool renewal, AuthorityLimits authority, DraftStamp stamp)
    {
        var request = proven.Request;
        var notes = new Notes();
        var (subject, san) = NamesToIssue(request);
        var refusal = UsageRules.CheckNoAuthority(request.Requested)
            ?? _keys.Check(proven)
            ?? _names.CheckAlternativeNames(san)
            ?? _names.CheckSubject(subject, san)
            ?? (_cabf || authority.Cabf ? CabfRules.Check(proven) : null);
        if (refusal is not null)
        {
            return new Approval.Refused(refusal);
        }
        var extended = _usages.GrantExtended(request.Requested.ExtKeyUsages, authority, notes);
        var usage = UsageRules.Grant(proven, authority, notes);
        var (notBefore, notAfter, tooLong) = _validity.Decide(request.RequestedValidity, authority, stamp.Now, notes);
        refusal = tooLong
            ?? (renewal ? _identities.CheckRenewal(request, requester) : _identities.CheckEnrollment(request, requester))
            ?? NameRules.CheckAllowedSubjects(authority, subject);
        if (refusal is not null)
        {
            return new Approval.Refused(refusal);
        }
        notes.AddDropped("extensions", request.Requested.List.Select(asked => asked.Oid).Where(oid => !IsJudged(oid)));
        return new Approval.Granted(
            new CertificateDraft
            {
                Transaction = stamp.Transaction,
                Profile = Profile,
                Subject = new X500DistinguishedName(subject.ReEncodeUtf8().Raw.Span),
                SubjectPublicKeyInfo = proven.PublicKey.Raw,
                Extensions = Extensions(proven.PublicKey, subject, san, usage, extended),
                NotBefore = notBefore,
                NotAfter = notAfter,
                Serial = stamp.Serial,
            },
            notes,
            authority.Id,
            request.Raw);
    }

    // ChangeSubjectName (RFC 6402 section 2.8) puts new names in the place of those that identify the old certificate.
    private static (DistinguishedName Subject, GeneralNames? San) NamesToIssue(IRequestedCertificate request)
        => request.ChangeSubjectName is { } change
            ? (change.Subject ?? request.Subject, change.SubjectAltName ?? request.RequestedSan)
            : (request.Subject, request.RequestedSan);

    private static bool IsJudged(string oid)
        => oid is Oids.SubjectAltName or Oids.KeyUsage or Oids.ExtKeyUsage or Oids.BasicConstraints or Oids.SubjectKeyIdentifier;

    // The order is that of RFC 5280 section 4.2.1; the authority key identifier is the issuer's to add.
    private static List<X509Extension> Extensions(
        PublicKeyInfo key, DistinguishedName subject, GeneralNames? san, X509KeyUsageFlags usage, IReadOnlyList<string> extended)
    {
        List<X509Extension> extensions =
        [
            new X509SubjectKeyIdentifierExtension(key.KeyIdentifier(), critical: false),
            new X509Extension(Oids.KeyUsage, KeyUsages.Encode(usage), critical: true),
            new X509Extension(Oids.BasicConstraints, new BasicConstraints(false).Encode(), critical: true),
        ];
        if (san is not null)
        {
            // Critical when it is the only name (RFC 5280 section 4.2.1.6).
            extensions.Add(new X509Extension(Oids.SubjectAltName, san.Encode(), critical: subject.IsEmpty));
        }
        if (extended.Count > 0)
        {
            extensions.Add(new X509Extension(Oids.ExtKeyUsage, Eku.Encode(extended), critical: false));
        }
        return extensions;
    }
}
