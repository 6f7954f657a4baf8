using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>
/// A CA's name constraints (RFC 5280 4.2.1.10): which names may occur below it. What cannot be judged is refused: a verifier would refuse it too.
/// </summary>
internal sealed class NameConstraints
{
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Excluded = new(TagClass.ContextSpecific, 1);

    private readonly IReadOnlyList<NameSubtree> _permitted;
    private readonly IReadOnlyList<NameSubtree> _excluded;

    private NameConstraints(IReadOnlyList<NameSubtree> permitted, IReadOnlyList<NameSubtree> excluded)
    {
        _permitted = permitted;
        _excluded = excluded;
    }

    /// <summary>Those of a CA certificate; null where it has none.</summary>
    public static NameConstraints? Of(CertificateFields certificate)
        => certificate.Find(Oids.NameConstraints) is { } value ? Parse(value) : null;

    public static NameConstraints Parse(ReadOnlyMemory<byte> der) => Der.Read(der, "the name constraints", static reader =>
    {
        var sequence = reader.ReadSequence();
        var permitted = Subtrees(sequence, Permitted);
        var excluded = Subtrees(sequence, Excluded);
        sequence.ThrowIfNotEmpty();
        return new NameConstraints(permitted, excluded);
    });

    /// <summary>Why a certificate of these names would be invalid below the CA, as a clause about the name; null where it would not.</summary>
    public string? Problem(DistinguishedName subject, GeneralNames? names)
    {
        if (subject.Attributes.Any(attribute => attribute.Oid == Oids.EmailAddress && !IsAscii(attribute.Value)))
        {
            return "an emailAddress of the subject is no mailbox that can be judged";
        }
        return Names(subject, names).Select(Problem).FirstOrDefault(problem => problem is not null);
    }

    private string? Problem(GeneralName name)
    {
        foreach (var subtree in _excluded.Where(subtree => Applies(subtree, name)))
        {
            if (subtree.Matches(name) is not { } matches) return Unjudged(name, subtree);
            if (matches || subtree.MeetsWildcard(name)) return $"{name.Text} is in the excluded subtree {subtree.Base.Text}";
        }
        var (constrained, permitted) = (false, false);
        foreach (var subtree in _permitted.Where(subtree => Applies(subtree, name)))
        {
            if (subtree.Matches(name) is not { } matches) return Unjudged(name, subtree);
            constrained = true;
            permitted |= matches;
        }
        return permitted || !constrained
            ? null
            : $"{name.Text} is in none of the permitted subtrees {string.Join(", ", _permitted.Where(subtree => Applies(subtree, name)).Select(subtree => subtree.Base.Text))}";
    }

    private static string Unjudged(GeneralName name, NameSubtree subtree)
        => $"{name.Text} cannot be judged by the subtree {(subtree.Base.Value.Length == 0 ? "of no name" : subtree.Base.Text)}";

    // An emailAddress of the subject is a mailbox whether or not there are alternative names, and a common name that could be a host's is one
    // where no alternative name is a DNS name: RFC 5280 wants less, but OpenSSL and others refuse certificates by both.
    private static IEnumerable<GeneralName> Names(DistinguishedName subject, GeneralNames? names)
    {
        var alternative = names?.Entries ?? [];
        var hosts = alternative.Any(name => name.Kind == GeneralNameKind.Dns) ? [] : subject.CommonNames.Where(CouldBeHost);
        return
        [
            .. subject.IsEmpty ? (ReadOnlySpan<GeneralName>)[] : [GeneralName.DirectoryName(subject)],
            .. subject.Values(Oids.EmailAddress).Select(GeneralName.Email),
            .. alternative,
            .. hosts.Select(GeneralName.Dns),
        ];
    }

    private static bool IsAscii(string? text) => text is not null && System.Text.Ascii.IsValid(text);

    private static bool CouldBeHost(string common) => common.Split('.') is { Length: > 1 } labels && labels.All(label =>
        label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static bool Applies(NameSubtree subtree, GeneralName name)
        => subtree.Base.Kind == name.Kind && (name.Kind != GeneralNameKind.OtherName || subtree.Base.TypeId == name.TypeId);

    private static List<NameSubtree> Subtrees(AsnReader sequence, Asn1Tag tag)
    {
        if (!sequence.HasData || !sequence.PeekTag().HasSameClassAndValue(tag)) return [];
        var list = new List<NameSubtree>();
        for (var subtrees = sequence.ReadSequence(tag); subtrees.HasData; list.Add(NameSubtree.Read(subtrees.ReadSequence())))
            Limits.Check(list.Count + 1, Limits.NameSubtrees, "too many name constraints");
        return list;
    }
}
