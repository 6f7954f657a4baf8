using System.Formats.Asn1;

namespace Kipuka.Interop;

/// <summary>SPNEGO's messages (RFC 4178 section 4.2), written and read by hand, for what curl never sends.</summary>
internal static class Spnego
{
    public const string Kerberos = "1.2.840.113554.1.2.2";

    /// <summary>Windows' own number for Kerberos, a 16-bit overflow that stayed ([MS-SPNG] section 2.2).</summary>
    public const string MicrosoftKerberos = "1.2.840.48018.1.2.2";

    public const string Ntlm = "1.3.6.1.4.1.311.2.2.10";

    private const string Oid = "1.3.6.1.5.5.2";

    private static readonly Asn1Tag Initial = new(TagClass.Application, 0, isConstructed: true);

    /// <summary>The mechanism's token inside a NegTokenInit.</summary>
    public static byte[] Unwrap(byte[] token)
    {
        var outer = new AsnReader(token, AsnEncodingRules.BER).ReadSequence(Initial);
        Assert.Equal(Oid, outer.ReadObjectIdentifier());
        var fields = outer.ReadSequence(Context(0)).ReadSequence();
        fields.ReadEncodedValue();
        return fields.ReadSequence(Context(2)).ReadOctetString();
    }

    /// <summary>A first message that offers mechanisms, with a token for the first of them or without.</summary>
    public static byte[] Offer(string[] mechanisms, byte[]? token = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Initial))
        {
            writer.WriteObjectIdentifier(Oid);
            using var choice = writer.PushSequence(Context(0));
            using var fields = writer.PushSequence();
            using (writer.PushSequence(Context(0)))
            {
                using var list = writer.PushSequence();
                mechanisms.ToList().ForEach(mechanism => writer.WriteObjectIdentifier(mechanism));
            }
            if (token is not null)
            {
                using var tagged = writer.PushSequence(Context(2));
                writer.WriteOctetString(token);
            }
        }
        return writer.Encode();
    }

    /// <summary>A further message with the mechanism's token.</summary>
    public static byte[] Reply(byte[] token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Context(1)))
        {
            using var fields = writer.PushSequence();
            using var tagged = writer.PushSequence(Context(2));
            writer.WriteOctetString(token);
        }
        return writer.Encode();
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);
}
