using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>RFC 5280 4.2.1.9: whether a key may sign certificates, and how many CAs may stand below it.</summary>
internal readonly record struct BasicConstraints(bool Ca, int? PathLength = null)
{
    public static BasicConstraints Parse(ReadOnlyMemory<byte> value) => Der.Read(value, "the basic constraints", static reader =>
    {
        var sequence = reader.ReadSequence();
        // As with an extension's critical flag, a spelt FALSE is taken for the default that it is.
        var ca = sequence.HasData && sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && sequence.ReadBoolean();
        int? length = null;
        if (sequence.HasData)
        {
            if (!sequence.TryReadInt32(out var n) || n < 0) throw new MalformedException("the basic constraints have a wrong path length");
            length = n;
        }
        sequence.ThrowIfNotEmpty();
        return new BasicConstraints(ca, length);
    });

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Ca) writer.WriteBoolean(true);
            if (PathLength is { } length) writer.WriteInteger(length);
        }
        return writer.Encode();
    }
}
