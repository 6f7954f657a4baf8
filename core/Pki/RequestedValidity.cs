using System.Formats.Asn1;
using System.Globalization;

namespace Kipuka.Pki;

/// <summary>
/// The validity that a CSR asks for by MS-WCCE 2.2.2.7.10: values of SEQUENCE { name BMPString, value BMPString }, of which
/// ValidityPeriod names the unit and ValidityPeriodUnits counts it. Other pairs (a template's name, say) are not ours to read.
/// </summary>
internal static class RequestedValidity
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    private static readonly Dictionary<string, TimeSpan> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Seconds"] = TimeSpan.FromSeconds(1),
        ["Minutes"] = TimeSpan.FromMinutes(1),
        ["Hours"] = TimeSpan.FromHours(1),
        ["Days"] = TimeSpan.FromDays(1),
        ["Weeks"] = TimeSpan.FromDays(7),
        ["Months"] = TimeSpan.FromDays(30),
        ["Years"] = TimeSpan.FromDays(365),
    };

    public static TimeSpan? Read(RequestAttributes attributes)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in attributes.Values(Oids.EnrollmentNameValuePair))
        {
            var (name, text) = Der.Read(value, "an enrollment name-value pair", ReadPair);
            if (!pairs.TryAdd(name, text)) throw new MalformedException("an enrollment name-value pair occurs twice");
        }
        var named = pairs.TryGetValue("ValidityPeriod", out var unit);
        if (named != pairs.TryGetValue("ValidityPeriodUnits", out var count))
            throw new MalformedException("the requested validity has only one of ValidityPeriod and ValidityPeriodUnits");
        if (!named) return null;
        if (!Units.TryGetValue(unit!, out var length))
            throw new MalformedException("the requested ValidityPeriod is none of " + string.Join(", ", Units.Keys));
        var counted = uint.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units > 0;
        return counted && units <= Longest / length
            ? length * units
            : throw new MalformedException("the requested ValidityPeriodUnits are out of range");
    }

    private static (string Name, string Value) ReadPair(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var name = sequence.ReadCharacterString(UniversalTagNumber.BMPString);
        var value = sequence.ReadCharacterString(UniversalTagNumber.BMPString);
        sequence.ThrowIfNotEmpty();
        return (name, value);
    }
}
