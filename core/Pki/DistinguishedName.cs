using System.Formats.Asn1;
using System.Text;

namespace Kipuka.Pki;

/// <summary>
/// A Name (RFC 5280 4.1.2.4): the bytes it came in, and its attributes in order. Equality is of the decoded names (7.1), whatever the
/// string types; <see cref="Raw"/> is for comparison by bytes.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private readonly Lazy<string> _canonical;

    private DistinguishedName(ReadOnlyMemory<byte> raw, IReadOnlyList<IReadOnlyList<NameAttribute>> rdns)
    {
        Raw = raw;
        Rdns = rdns;
        _canonical = new Lazy<string>(Canonical);
    }

    public static DistinguishedName Empty { get; } = Create();

    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The relative names in encoded order, each a set of one or more attributes.</summary>
    public IReadOnlyList<IReadOnlyList<NameAttribute>> Rdns { get; }

    public IEnumerable<NameAttribute> Attributes => Rdns.SelectMany(rdn => rdn);

    public bool IsEmpty => Rdns.Count == 0;

    public IEnumerable<string> CommonNames => Values(Oids.CommonName);

    /// <summary>Whether a value holds a control character, NUL among them: no honest name does.</summary>
    public bool HasControlCharacters => Attributes.Any(a => a.Value is { } value && value.Any(char.IsControl));

    /// <summary>The name as patterns and logs see it; injective over decoded names.</summary>
    public string Text => NameText.Write(Rdns, static value => value);

    /// <summary>The text with folded values and sorted RDNs: the same for two names exactly when they are equal.</summary>
    internal string CanonicalText => _canonical.Value;

    public static DistinguishedName Parse(ReadOnlyMemory<byte> der, string what = "the name")
    {
        var rdns = Der.Read(der, what, static reader =>
        {
            var rdns = new List<IReadOnlyList<NameAttribute>>();
            var left = Limits.NameAttributes;
            for (var sequence = reader.ReadSequence(); sequence.HasData;)
            {
                var rdn = new List<NameAttribute>();
                for (var set = sequence.ReadSetOf(); set.HasData; rdn.Add(NameAttribute.Read(set)))
                {
                    if (left-- == 0) throw new MalformedException($"a name has more than {Limits.NameAttributes} attributes");
                }
                if (rdn.Count == 0) throw new MalformedException("a name has an empty RDN");
                rdns.Add(rdn);
            }
            return rdns;
        });
        return new DistinguishedName(der, rdns);
    }

    /// <summary>A name of single-valued RDNs, in the order given.</summary>
    public static DistinguishedName Create(params IEnumerable<(string Oid, string Value)> attributes) =>
        Encode([.. attributes.Select(a => (IReadOnlyList<NameAttribute>)[NameAttribute.Create(a.Oid, a.Value)])]);

    public IEnumerable<string> Values(string oid) => Attributes.Where(a => a.Oid == oid && a.Value is not null).Select(a => a.Value!);

    /// <summary>The same name in the string types of RFC 5280: UTF8String, or PrintableString or IA5String where prescribed.</summary>
    public DistinguishedName ReEncodeUtf8() =>
        Encode([.. Rdns.Select(rdn => (IReadOnlyList<NameAttribute>)[.. rdn.Select(a => a.ReEncoded())])]);

    /// <summary>Whether the name begins with all RDNs of another, as directoryName constraints mean it (RFC 5280 4.2.1.10).</summary>
    public bool IsWithin(DistinguishedName root) =>
        root.Rdns.Count <= Rdns.Count && root.Rdns.Zip(Rdns).All(pair => Canonical(pair.First) == Canonical(pair.Second));

    public bool Equals(DistinguishedName? other) => other is not null && _canonical.Value == other._canonical.Value;

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => _canonical.Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static DistinguishedName Encode(IReadOnlyList<IReadOnlyList<NameAttribute>> rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var rdn in rdns)
            {
                using var set = writer.PushSetOf();
                foreach (var attribute in rdn) attribute.Write(writer);
            }
        }
        return Parse(writer.Encode());
    }

    private string Canonical() => NameText.Write([.. Rdns.Select(Sorted)], Fold);

    private static string Canonical(IReadOnlyList<NameAttribute> rdn) => NameText.Write([Sorted(rdn)], Fold);

    private static IReadOnlyList<NameAttribute> Sorted(IReadOnlyList<NameAttribute> rdn) =>
        [.. rdn.OrderBy(a => NameText.Write(a, Fold), StringComparer.Ordinal)];

    // RFC 5280 7.1: case does not count, outer white space does not, inner white space counts once. Unicode normalization is left out
    // (the server runs culture-invariant, without its tables): composed and decomposed letters differ, a refusal and never a match.
    private static string Fold(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(word.ToUpperInvariant());
        }
        return text.ToString();
    }
}
