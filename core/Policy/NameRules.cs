using System.Text.RegularExpressions;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>Which subjects and alternative names a label accepts.</summary>
internal sealed class NameRules(bool requireSan, bool allowWildcards, string? subjectPattern)
{
    private readonly Regex? _pattern = subjectPattern is null ? null : SubjectPattern.Compile(subjectPattern);

    // Ruling 19: a SAN is demanded by labels unless they or [enrollment] say otherwise, and not by the unlabelled path.
    public static NameRules From(LabelConfig? label, EnrollmentConfig defaults) => new(
        label?.RequireSan ?? defaults.RequireSan ?? label is not null,
        label?.AllowWildcards ?? false,
        label?.SubjectPattern);

    public bool RequiresAlternativeName => requireSan;

    public Refusal? CheckAlternativeNames(GeneralNames? names)
    {
        if (names is null)
        {
            return requireSan ? Refuse("san-required", "require_san: the request has no subject alternative name") : null;
        }
        foreach (var name in names.Entries)
        {
            if (name.Kind is not (GeneralNameKind.Dns or GeneralNameKind.Ip or GeneralNameKind.Email or GeneralNameKind.Uri))
            {
                return Refuse("san-type", $"the alternative name {name.Text} is of a kind that is not issued; DNS, IP, e-mail and URI are");
            }
            if (name.Problem() is { } problem)
            {
                return Refuse("san-syntax", $"the alternative name {name.Text} {problem}");
            }
            if (name.IsWildcard && !allowWildcards)
            {
                return Refuse("san-wildcard", $"allow_wildcards is off; the alternative name {name.Text} is a wildcard");
            }
        }
        return null;
    }

    public Refusal? CheckSubject(DistinguishedName subject, GeneralNames? names)
    {
        if (subject.HasControlCharacters)
        {
            return Refuse("subject-characters", "the subject contains control characters");
        }
        if (subject.IsEmpty && names is null)
        {
            return Refuse("no-name", "the request names nothing: its subject is empty and it has no alternative name (RFC 5280 section 4.1.2.6)");
        }
        if (Unencodable(subject) is { } why)
        {
            return Refuse("subject-encoding", $"the subject cannot be issued: {why} (RFC 5280 section 4.1.2.4)");
        }
        return _pattern is null || _pattern.IsMatch(subject.Text)
            ? null
            : Refuse("subject-pattern", $"subject_pattern does not match the subject {subject.Text}");
    }

    /// <summary>The CA's own list (book: "Subject name not permitted by CA policy", 403).</summary>
    public static Refusal? CheckAllowedSubjects(AuthorityLimits authority, DistinguishedName subject)
        => authority.AllowedSubjects.Count == 0 || authority.AllowedSubjects.Any(glob => Glob.Matches(glob, subject.Text))
            ? null
            : new Refusal(RefusalKind.Forbidden, "allowed-subjects", $"allowed_subjects of the CA {authority.Id} does not include {subject.Text}");

    /// <summary>
    /// The name constraints above a certificate (RFC 5280 section 4.2.1.10). They bind every client alike, and the book has them checked with
    /// the CSR: 400, not the 403 of a list that is about who may have what.
    /// </summary>
    public static Refusal? CheckConstraints(AuthorityLimits authority, IssuedNames names)
        => authority.Constraints.Select(constraints => constraints.Problem(names.Subject, names.San)).FirstOrDefault(problem => problem is not null) is { } problem
            ? Refuse("name-constraints", $"the name constraints of the CA {authority.Id} forbid it: {problem} (RFC 5280 section 4.2.1.10)")
            : null;

    // A country in UTF-8 or an e-mail address of other letters has no encoding that RFC 5280 allows.
    private static string? Unencodable(DistinguishedName subject)
    {
        try
        {
            subject.ReEncodeUtf8();
            return null;
        }
        catch (MalformedException fault)
        {
            return fault.Message;
        }
    }

    private static Refusal Refuse(string code, string detail) => new(RefusalKind.Policy, code, detail);
}
