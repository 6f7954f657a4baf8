using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>An extension that a CSR shall ask for (RFC 9908 3.4). Without a value the client fills it in.</summary>
internal sealed record ExtensionTemplate(string Oid, bool Critical = false, ReadOnlyMemory<byte>? Value = null)
{
    // An Extensions must give every value, and a list of names that is the client's to write has none to give.
    private static readonly byte[] Unfilled = [0x30, 0x00];

    /// <summary>As ExtensionReq, or, where a value may be absent, as ExtensionReqTemplate.</summary>
    public static byte[] EncodeList(IReadOnlyList<ExtensionTemplate> list, bool mayLackValues) => Der.Write(writer =>
    {
        using var sequence = writer.PushSequence();
        foreach (var extension in list) extension.Write(writer, mayLackValues);
    });

    public static IReadOnlyList<ExtensionTemplate> DecodeList(ReadOnlyMemory<byte> der, bool mayLackValues, string what) => Der.Read(der, what, reader =>
    {
        var list = new List<ExtensionTemplate>();
        for (var sequence = reader.ReadSequence(); sequence.HasData;)
        {
            Limits.Check(list.Count + 1, Limits.Extensions, "too many extensions");
            var extension = Read(sequence.ReadSequence(), mayLackValues, what);
            if (list.Any(other => other.Oid == extension.Oid)) throw new MalformedException($"{what} has the extension {extension.Oid} twice");
            list.Add(extension);
        }
        return list.Count > 0 ? list : throw new MalformedException($"{what} is empty");
    });

    private void Write(AsnWriter writer, bool mayLackValue)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(Oid);
        if (Critical) writer.WriteBoolean(true);
        if (Value is { } value) writer.WriteOctetString(value.Span);
        else if (!mayLackValue) writer.WriteOctetString(Unfilled);
    }

    private static ExtensionTemplate Read(AsnReader sequence, bool mayLackValue, string what)
    {
        var oid = sequence.ReadOid();
        var critical = sequence.HasData && sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && sequence.ReadBoolean();
        if (!sequence.HasData && !mayLackValue) throw new MalformedException($"{what} has no value for the extension {oid}");
        var value = sequence.HasData ? sequence.ReadOctets() : default(ReadOnlyMemory<byte>?);
        sequence.ThrowIfNotEmpty();
        // In the old list the empty sequence stands for the absent value: nothing else can.
        return new ExtensionTemplate(oid, critical, !mayLackValue && value is { } given && given.Span.SequenceEqual(Unfilled) ? null : value);
    }
}
