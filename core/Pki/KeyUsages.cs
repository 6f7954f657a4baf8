using System.Collections;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>Key usages (RFC 5280 4.2.1.3): the names that configuration uses, the platform's flags, and the extension's value.</summary>
internal static class KeyUsages
{
    // In the order of the bits.
    private static readonly (string Name, X509KeyUsageFlags Flag)[] Bits =
    [
        ("digitalSignature", X509KeyUsageFlags.DigitalSignature),
        ("nonRepudiation", X509KeyUsageFlags.NonRepudiation),
        ("keyEncipherment", X509KeyUsageFlags.KeyEncipherment),
        ("dataEncipherment", X509KeyUsageFlags.DataEncipherment),
        ("keyAgreement", X509KeyUsageFlags.KeyAgreement),
        ("keyCertSign", X509KeyUsageFlags.KeyCertSign),
        ("cRLSign", X509KeyUsageFlags.CrlSign),
        ("encipherOnly", X509KeyUsageFlags.EncipherOnly),
        ("decipherOnly", X509KeyUsageFlags.DecipherOnly),
    ];

    /// <summary>Case does not count; <c>contentCommitment</c> is nonRepudiation's newer name.</summary>
    public static bool TryParse(string name, out X509KeyUsageFlags flag)
    {
        var wanted = name.Equals("contentCommitment", StringComparison.OrdinalIgnoreCase) ? "nonRepudiation" : name;
        flag = Array.Find(Bits, b => b.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Flag;
        return flag != X509KeyUsageFlags.None;
    }

    public static IReadOnlyList<string> Names(X509KeyUsageFlags flags) => [.. Bits.Where(b => flags.HasFlag(b.Flag)).Select(b => b.Name)];

    /// <summary>Zero bits after the last set one are read over: embedded encoders write them, and they mean nothing.</summary>
    public static X509KeyUsageFlags Parse(ReadOnlyMemory<byte> value)
    {
        var bits = Der.Read(value, "the key usage", static reader => reader.ReadNamedBitList());
        var flags = X509KeyUsageFlags.None;
        for (var i = 0; i < bits.Length; i++)
        {
            if (!bits[i]) continue;
            if (i >= Bits.Length) throw new MalformedException($"the key usage has the unknown bit {i}");
            flags |= Bits[i].Flag;
        }
        return flags;
    }

    public static byte[] Encode(X509KeyUsageFlags flags)
    {
        // DER ends a named list with its last set bit (X.690 11.2.2), and the writer takes the bits as they are.
        var count = 1 + Array.FindLastIndex(Bits, b => flags.HasFlag(b.Flag));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteNamedBitList(new BitArray([.. Bits.Take(count).Select(b => flags.HasFlag(b.Flag))]));
        return writer.Encode();
    }
}
