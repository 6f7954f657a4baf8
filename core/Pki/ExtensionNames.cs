namespace Kipuka.Pki;

/// <summary>Certificate extensions by the names that the standards, configuration and people use.</summary>
internal static class ExtensionNames
{
    private static readonly (string Name, string Oid)[] Known =
    [
        ("subjectAltName", Oids.SubjectAltName),
        ("keyUsage", Oids.KeyUsage),
        ("extendedKeyUsage", Oids.ExtKeyUsage),
        ("basicConstraints", Oids.BasicConstraints),
        ("subjectKeyIdentifier", Oids.SubjectKeyIdentifier),
        ("certificatePolicies", Oids.CertificatePolicies),
        ("tlsFeature", Oids.TlsFeature),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>A name, whose case does not count, or an OID in dots.</summary>
    public static bool TryParse(string text, out string oid)
    {
        var wanted = text.Equals("extKeyUsage", StringComparison.OrdinalIgnoreCase) ? "extendedKeyUsage" : text;
        oid = Array.Find(Known, known => known.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Oid ?? text;
        return oid != text || Der.IsOid(text);
    }

    /// <summary>The name, or the OID where it has none.</summary>
    public static string Print(string oid) => Array.Find(Known, known => known.Oid == oid).Name ?? oid;
}
