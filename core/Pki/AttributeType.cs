using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>A name attribute that we know: how it is printed, and which string type RFC 5280 gives its values.</summary>
internal sealed record AttributeType(string Oid, string ShortName, UniversalTagNumber Encoding)
{
    private static readonly AttributeType[] Known =
    [
        Utf8(Oids.CommonName, "CN"),
        Utf8(Oids.OrganizationName, "O"),
        Utf8(Oids.OrganizationalUnitName, "OU"),
        new(Oids.CountryName, "C", UniversalTagNumber.PrintableString),
        Utf8(Oids.StateOrProvinceName, "ST"),
        Utf8(Oids.LocalityName, "L"),
        new(Oids.DomainComponent, "DC", UniversalTagNumber.IA5String),
        new(Oids.SerialNumber, "SERIALNUMBER", UniversalTagNumber.PrintableString),
        new(Oids.EmailAddress, "emailAddress", UniversalTagNumber.IA5String),
        Utf8(Oids.UserId, "UID"),
        Utf8(Oids.GivenName, "GN"),
        Utf8(Oids.Surname, "SN"),
        Utf8(Oids.Title, "T"),
        Utf8(Oids.StreetAddress, "STREET"),
        Utf8(Oids.PostalCode, "postalCode"),
        Utf8(Oids.Description, "description"),
        Utf8(Oids.BusinessCategory, "businessCategory"),
        Utf8(Oids.Name, "name"),
        Utf8(Oids.Initials, "initials"),
        Utf8(Oids.GenerationQualifier, "generationQualifier"),
        new(Oids.DnQualifier, "dnQualifier", UniversalTagNumber.PrintableString),
        Utf8(Oids.Pseudonym, "pseudonym"),
        Utf8(Oids.OrganizationIdentifier, "organizationIdentifier"),
        Utf8(Oids.JurisdictionLocality, "jurisdictionL"),
        Utf8(Oids.JurisdictionState, "jurisdictionST"),
        new(Oids.JurisdictionCountry, "jurisdictionC", UniversalTagNumber.PrintableString),
    ];

    private static readonly Dictionary<string, AttributeType> ByOids = Known.ToDictionary(t => t.Oid);

    public static AttributeType? ByOid(string oid) => ByOids.GetValueOrDefault(oid);

    /// <summary>By short name, in any case.</summary>
    public static AttributeType? ByName(string name) => Array.Find(Known, t => t.ShortName.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The OID of a short name, or of an OID in dots; null for any other text.</summary>
    public static string? Parse(string text) => ByName(text)?.Oid ?? (Der.IsOid(text) ? text : null);

    /// <summary>The printed name of an attribute: its short name, or its OID in dots.</summary>
    public static string Print(string oid) => ByOid(oid)?.ShortName ?? oid;

    private static AttributeType Utf8(string oid, string shortName) => new(oid, shortName, UniversalTagNumber.UTF8String);
}
