using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>BodyPartID (RFC 5272 3.2.2): what statuses refer to. 0 is the message itself.</summary>
internal static class BodyParts
{
    public const uint Message = 0;

    public static uint Read(AsnReader reader) => reader.TryReadUInt32(out var number)
        ? number
        : throw new MalformedException("a body part ID is not between 0 and 4294967295 (RFC 5272 3.2.2)");

    /// <summary>A list of them, which may be empty.</summary>
    public static IReadOnlyList<uint> ReadList(AsnReader sequence)
    {
        var list = new List<uint>();
        for (; sequence.HasData; list.Add(Read(sequence))) Limits.Check(list.Count + 1, Limits.CmcParts, "too many body part IDs");
        return list;
    }
}
