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
    private readonly ExtensionRules _extensions;
    private readonly bool _cabf;
    private readonly bool _strict;

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
        _extensions = ExtensionRules.From(label);
        ExpiredGrace = TimeSpan.FromDays(label?.ExpiredGraceDays ?? 0);
        RevokesPreviousAfter = RevokePrevious.TryParse(label?.RevokePrevious ?? defaults.RevokePrevious, out var after)
            ? after
            : throw new ArgumentException($"revoke_previous of {Profile} is not checked.", nameof(label));
        _cabf = label?.ProfileRules == "cabf";
        _strict = label?.Strict ?? false;
    }

    /// <summary>The label's name; empty for the unlabelled path.</summary>
    public string Profile { get; }

    public bool RequiresPossession { get; }

    /// <summary>What this policy would like to see in a CSR, in the words of the rules that judge it.</summary>
    /// <param name="cabf">Whether a CA of the label's group adds the CA/Browser Forum's rules.</param>
    public CsrAdvice Advise(bool cabf)
    {
        var strict = _cabf || cabf;
        var key = _keys.Advised(strict);
        List<ExtensionTemplate> extensions = [];
        if (_names.RequiresAlternativeName || strict) extensions.Add(new ExtensionTemplate(Oids.SubjectAltName));
        if (_usages.RequiredExtended is { Count: > 0 } usages) extensions.Add(new ExtensionTemplate(Oids.ExtKeyUsage, Value: Eku.Encode(usages)));
        return new CsrAdvice { Key = key, SignatureAlgorithm = key is { } type ? _keys.AdvisedSignature(type) : null, Extensions = extensions };
    }

    /// <summary>The CSR signature to advise with a key, by OID; null where any that fits will do.</summary>
    public string? AdvisedSignature(KeyType key) => _keys.AdvisedSignature(key);

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
        var cabf = _cabf || authority.Cabf;
        var names = IssuedNames.Of(request, requester.Subject, renewal, notes);
        var refusal = UsageRules.CheckNoAuthority(request.Requested)
            ?? _keys.Check(proven)
            ?? _names.CheckAlternativeNames(names.San)
            ?? _names.CheckSubject(names.Subject, names.San)
            ?? (cabf ? CabfRules.Check(proven.PublicKey.KeyType, names) : null)
            ?? NameRules.CheckConstraints(authority, names);
        if (refusal is not null)
        {
            return new Approval.Refused(refusal);
        }
        var extended = _usages.GrantExtended(request.Requested.ExtKeyUsages, authority, notes);
        var usage = UsageRules.Grant(proven, authority, notes);
        var (notBefore, notAfter, tooLong) = _validity.Decide(request.RequestedValidity, authority, stamp.Now, notes);
        var extensions = _extensions.Build(proven.PublicKey, names, usage, extended, authority);
        ExtensionRules.NoteDropped(request, extensions, notes);
        refusal = (cabf ? CabfRules.CheckUsages(extended) : null)
            ?? tooLong
            ?? CheckStrict(notes)
            ?? (renewal ? _identities.CheckRenewal(request, requester) : _identities.CheckEnrollment(names, requester))
            ?? NameRules.CheckAllowedSubjects(authority, names.Subject);
        if (refusal is not null)
        {
            return new Approval.Refused(refusal);
        }
        if (!proven.PossessionProven)
        {
            notes.Add("possession", "not proven");
        }
        if (proven.StatedUnder is { } signer)
        {
            notes.Add("possession", $"stated under the certificate {signer.SerialHex} (RFC 9883)");
        }
        return new Approval.Granted(
            new CertificateDraft
            {
                Transaction = stamp.Transaction,
                Profile = Profile,
                Subject = new X500DistinguishedName(names.Subject.ReEncodeUtf8().Raw.Span),
                SubjectPublicKeyInfo = proven.PublicKey.Raw,
                Extensions = extensions,
                NotBefore = notBefore,
                NotAfter = notAfter,
                Serial = stamp.Serial,
            },
            notes,
            authority.Id,
            request.Raw);
    }

    private Refusal? CheckStrict(Notes notes) => _strict && notes.Ungranted.Count > 0
        ? new Refusal(RefusalKind.Policy, "strict", $"strict: the request asks for what is not granted: {string.Join("; ", notes.Ungranted)}")
        : null;
}
