using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>A subjectAltName's value (RFC 5280 4.2.1.6). Equality is that of sets of decoded names, as re-enrollment needs it.</summary>
internal sealed class GeneralNames : IEquatable<GeneralNames>
{
    private readonly HashSet<GeneralName> _set;

    public GeneralNames(params IEnumerable<GeneralName> entries)
    {
        Entries = [.. entries];
        Limits.Check(Entries.Count, Limits.GeneralNames, "a subject alternative name has too many entries");
        if (Entries.Count == 0) throw new MalformedException("a subject alternative name is empty (RFC 5280 4.2.1.6)");
        _set = [.. Entries];
    }

    /// <summary>The entries in encoded order.</summary>
    public IReadOnlyList<GeneralName> Entries { get; }

    /// <summary>For logs and patterns: the entries' texts, with commas between.</summary>
    public string Text => string.Join(',', Entries.Select(e => e.Text));

    public static GeneralNames Parse(ReadOnlyMemory<byte> der, string what = "the subject alternative name") => Der.Read(der, what, Read);

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var entry in Entries) writer.WriteEncodedValue(entry.Raw.Span);
        }
        return writer.Encode();
    }

    public bool Contains(GeneralName name) => _set.Contains(name);

    /// <summary>Equality where either may be absent.</summary>
    public static bool Same(GeneralNames? a, GeneralNames? b) => a is null ? b is null : a.Equals(b);

    public bool Equals(GeneralNames? other) => other is not null && _set.SetEquals(other._set);

    public override bool Equals(object? obj) => Equals(obj as GeneralNames);

    public override int GetHashCode() => _set.Aggregate(0, (hash, name) => hash ^ name.GetHashCode());

    public override string ToString() => Text;

    private static GeneralNames Read(AsnReader reader)
    {
        var entries = new List<GeneralName>();
        for (var sequence = reader.ReadSequence(); sequence.HasData; entries.Add(GeneralName.Read(sequence)))
            Limits.Check(entries.Count + 1, Limits.GeneralNames, "a subject alternative name has too many entries");
        return new GeneralNames(entries);
    }
}
