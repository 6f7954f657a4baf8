using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>The names that a certificate would have: what the rules judge, and what is issued.</summary>
internal sealed record IssuedNames(DistinguishedName Subject, GeneralNames? San)
{
    /// <summary>The names of a request, after what replaces them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mapped">The subject that the requester's identity has by itself (rulings 18, 32); null leaves the request's.</param>
    /// <param name="renewal">Only a renewal may change names (RFC 6402 section 2.8).</param>
    /// <param name="notes">Takes what is not granted.</param>
    public static IssuedNames Of(IRequestedCertificate request, DistinguishedName? mapped, bool renewal, Notes notes)
    {
        var (subject, san) = (request.Subject, request.RequestedSan);
        if (request.ChangeSubjectName is { } change)
        {
            if (renewal) (subject, san) = (change.Subject ?? subject, change.SubjectAltName ?? san);
            else notes.AddDropped("change_subject_name", [string.Join(" ", Texts(change))]);
        }
        if (mapped is null) return new IssuedNames(subject, san);
        if (!subject.IsEmpty && !subject.Equals(mapped)) notes.AddDropped("subject", [subject.Text]);
        return new IssuedNames(mapped, san);
    }

    private static IEnumerable<string> Texts(ChangeSubjectName change)
        => ((string?[])[change.Subject?.Text, change.SubjectAltName?.Text]).OfType<string>();
}
