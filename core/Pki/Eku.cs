using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>Extended key usages (RFC 5280 4.2.1.12): the names that configuration uses, their OIDs, and the extension's value.</summary>
internal static class Eku
{
    private static readonly (string Name, string Oid)[] Known =
    [
        ("serverAuth", Oids.ServerAuth),
        ("clientAuth", Oids.ClientAuth),
        ("codeSigning", Oids.CodeSigning),
        ("emailProtection", Oids.EmailProtection),
        ("timeStamping", Oids.TimeStamping),
        ("ocspSigning", Oids.OcspSigning),
        ("cmcRA", Oids.CmcRa),
        ("cmcCA", Oids.CmcCa),
        ("anyExtendedKeyUsage", Oids.AnyExtendedKeyUsage),
        ("ipsecIKE", Oids.IpsecIke),
        ("documentSigning", Oids.DocumentSigning),
        ("smartcardLogon", Oids.SmartcardLogon),
        ("pkinitClient", Oids.PkinitClient),
        ("pkinitKdc", Oids.PkinitKdc),
        ("sshClient", Oids.SshClient),
        ("sshServer", Oids.SshServer),
    ];

    /// <summary>A name, whose case does not count, or an OID in dots.</summary>
    public static bool TryParse(string text, out string oid)
    {
        oid = Array.Find(Known, k => k.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).Oid ?? text;
        return oid != text || Der.IsOid(text);
    }

    /// <summary>The name, or the OID where it has none.</summary>
    public static string Name(string oid) => Array.Find(Known, k => k.Oid == oid).Name ?? oid;

    public static IReadOnlyList<string> Parse(ReadOnlyMemory<byte> value) => Der.Read(value, "the extended key usage", static reader =>
    {
        var oids = new List<string>();
        for (var sequence = reader.ReadSequence(); sequence.HasData; oids.Add(sequence.ReadOid()))
            Limits.Check(oids.Count + 1, Limits.ExtKeyUsages, "too many extended key usages");
        return oids.Count > 0 ? oids : throw new MalformedException("the extended key usage is empty");
    });

    public static byte[] Encode(IEnumerable<string> oids)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var oid in oids) writer.WriteObjectIdentifier(oid);
        }
        return writer.Encode();
    }
}
