using System.Text.RegularExpressions;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>The attribute types that a subject in kipuka.toml may name (RFC 4514 section 3, RFC 4519), without regard to case, or any by its number.</summary>
internal static partial class AttributeTypes
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3", ["SN"] = "2.5.4.4", ["serialNumber"] = "2.5.4.5", ["C"] = "2.5.4.6", ["L"] = "2.5.4.7", ["ST"] = "2.5.4.8",
        ["street"] = "2.5.4.9", ["O"] = "2.5.4.10", ["OU"] = "2.5.4.11", ["title"] = "2.5.4.12", ["GN"] = "2.5.4.42", ["givenName"] = "2.5.4.42",
        ["initials"] = "2.5.4.43", ["UID"] = "0.9.2342.19200300.100.1.1", ["DC"] = "0.9.2342.19200300.100.1.25",
        ["emailAddress"] = "1.2.840.113549.1.9.1", ["E"] = "1.2.840.113549.1.9.1",
    };

    /// <summary>The object identifier; null for a name that is not known.</summary>
    public static string? Find(string name) => Known.GetValueOrDefault(name) ?? (Dotted().IsMatch(name) ? name : null);

    [GeneratedRegex(@"\A([01]\.[1-3]?[0-9]|2\.(0|[1-9][0-9]{0,9}))(\.(0|[1-9][0-9]{0,9})){1,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Dotted();
}
