using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>RFC 5280 4.1.1.2: an algorithm's OID and its parameters as they were encoded (null when absent).</summary>
internal sealed record AlgorithmIdentifier(string Oid, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte> Raw)
{
    private static ReadOnlySpan<byte> Null => [0x05, 0x00];

    public bool ParametersAreNull => Parameters is { } p && p.Span.SequenceEqual(Null);

    public static AlgorithmIdentifier Parse(ReadOnlyMemory<byte> der, string what) => Der.Read(der, what, Read);

    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        var raw = reader.PeekEncodedValue();
        var sequence = reader.ReadSequence();
        var oid = sequence.ReadOid();
        // Not `… : null`: that null would be an array's, and turn into memory that is empty and not absent.
        var parameters = sequence.HasData ? sequence.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        sequence.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters, raw);
    }

    // Two identifiers are the same when their encodings are; a record would compare where the bytes lie.
    public bool Equals(AlgorithmIdentifier? other) => other is not null && Raw.Span.SequenceEqual(other.Raw.Span);

    public override int GetHashCode() => Oid.GetHashCode(StringComparison.Ordinal);
}
