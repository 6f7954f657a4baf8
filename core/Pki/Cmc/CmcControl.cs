using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>A TaggedAttribute (RFC 5272 3.2.1.1): what is to be done, or known, its values still encoded.</summary>
internal sealed record CmcControl(uint BodyPart, string Oid, IReadOnlyList<ReadOnlyMemory<byte>> Values)
{
    public static CmcControl Read(AsnReader sequence)
    {
        var bodyPart = BodyParts.Read(sequence);
        var oid = sequence.ReadOid();
        var values = new List<ReadOnlyMemory<byte>>();
        for (var set = sequence.ReadSetOf(skipSortOrderValidation: true); set.HasData; values.Add(set.ReadEncodedValue()))
            Limits.Check(values.Count + 1, Limits.AttributeValues, $"the control {oid} has too many values");
        sequence.ThrowIfNotEmpty();
        return new CmcControl(bodyPart, oid, values);
    }

    /// <summary>Reads the one value that a control must have.</summary>
    public T Value<T>(string what, Func<AsnReader, T> read) => Values.Count == 1
        ? Der.Read(Values[0], what, read, AsnEncodingRules.BER)
        : throw new MalformedException($"{what} must have exactly one value");

    /// <summary>The one value as an OCTET STRING.</summary>
    public ReadOnlyMemory<byte> Octets(string what)
    {
        var octets = Value(what, static reader => reader.ReadOctets());
        return octets.Length <= Limits.CmcValueBytes ? octets : throw new MalformedException($"{what} is longer than {Limits.CmcValueBytes} bytes");
    }
}
