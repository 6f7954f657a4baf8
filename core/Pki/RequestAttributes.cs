using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>The attributes of a PKCS#10 (RFC 2986 4.1) as they came: every type at most once, every value still encoded.</summary>
internal sealed class RequestAttributes
{
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _values = [];

    /// <summary>The types that the request carries, for audit details and for those who know more of them than we do.</summary>
    public IReadOnlyCollection<string> Oids => _values.Keys;

    /// <param name="set">The content of the [0], or null where the request left the field out.</param>
    public static RequestAttributes Read(AsnReader? set)
    {
        var attributes = new RequestAttributes();
        for (var count = 1; set is { HasData: true }; count++)
        {
            Limits.Check(count, Limits.RequestAttributes, "the CSR has too many attributes");
            var attribute = set.ReadSequence();
            attributes.Add(attribute.ReadOid(), attribute.ReadSetOf());
            attribute.ThrowIfNotEmpty();
        }
        return attributes;
    }

    /// <summary>All values of an attribute, none where it is absent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values(string oid) => _values.TryGetValue(oid, out var values) ? values : [];

    /// <summary>The value of an attribute that must have exactly one, or null where it is absent.</summary>
    public ReadOnlyMemory<byte>? Single(string oid, string what)
    {
        if (!_values.TryGetValue(oid, out var values)) return null;
        return values.Count == 1 ? values[0] : throw new MalformedException($"{what} must have exactly one value");
    }

    /// <summary>A DirectoryString of 1 to 255 characters; old clients write an IA5String.</summary>
    public string? Text(string oid, string what)
    {
        if (Single(oid, what) is not { } value) return null;
        var text = Der.Read(value, what, reader => reader.ReadAnyString() ?? throw new MalformedException($"{what} is not a string"));
        return text.Length is > 0 and <= Limits.ChallengeChars
            ? text
            : throw new MalformedException($"{what} is empty or longer than {Limits.ChallengeChars} characters");
    }

    public ReadOnlyMemory<byte>? Octets(string oid, string what) =>
        Single(oid, what) is { } value ? Der.Read(value, what, static reader => reader.ReadOctets()) : default(ReadOnlyMemory<byte>?);

    private void Add(string oid, AsnReader set)
    {
        // Windows may write each of its name-value pairs as an attribute of its own; no other type may come twice (X.501 9.3).
        if (_values.TryGetValue(oid, out var values) && oid != Pki.Oids.EnrollmentNameValuePair)
            throw new MalformedException($"the CSR attribute {oid} occurs twice");
        values ??= _values[oid] = [];
        while (set.HasData)
        {
            Limits.Check(values.Count + 1, Limits.AttributeValues, $"the CSR attribute {oid} has too many values");
            values.Add(set.ReadEncodedValue());
        }
    }
}
