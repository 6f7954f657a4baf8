using System.Formats.Asn1;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>What holds of all names: ruling 56 of their text, RFC 5280 7.1 of their comparison.</summary>
public partial class NamePropertyTests
{
    private static readonly string[] Types = [Oids.CommonName, Oids.OrganizationName, Oids.UserId, "1.2.3.4", "2.5.4.99"];

    // Characters that could be mistaken for the text's own marks come far more often than by chance.
    private static readonly Gen<char> Character = Gen.Frequency(
        (3, Gen.Elements(",+=#\\ \"<>;\0\n\u202E\u0085".ToCharArray())), (3, Gen.Elements("abAB2CO".ToCharArray())),
        (1, Gen.Choose(0x20, 0xD7FF).Select(c => (char)c)));

    private static readonly Gen<string> Value = Gen.ArrayOf(Character).Select(c => new string(c));

    private static readonly Gen<(string, string)[]> Attributes =
        Gen.ArrayOf(Gen.Zip(Gen.Elements(Types), Value)).Select(a => a.Take(6).ToArray());

    private static readonly Gen<byte[]> Serial =
        Gen.NonEmptyListOf(Gen.Choose(0, 255)).Select(list => list.Take(20).Select(b => (byte)b).ToArray());

    private static readonly Gen<DistinguishedName> Name = Attributes.Select(Build);

    [Fact]
    public void No_separator_occurs_in_a_value() => Holds(Attributes, attributes =>
    {
        var parts = Build(attributes).Text.Split(',', '+').Where(p => p.Length > 0).ToList();
        return parts.Count == attributes.Length && parts.All(p => Part().IsMatch(p));
    });

    [Fact]
    public void Text_is_injective_and_reads_back() => Holds(Attributes, attributes =>
    {
        // Whoever can read a text back into the very attributes that made it has shown that no two names share one.
        var parts = Build(attributes).Text.Split(',').Where(p => p.Length > 0).Select(p => p.Split('=', 2));
        return parts.Select(p => (p[0], Unescape(p[1]))).SequenceEqual(attributes.Select(a => (AttributeType.Print(a.Item1), a.Item2)));
    });

    [Fact]
    public void Equality_is_reflexive_and_survives_the_encoding() => Holds(Name, name =>
        name.Equals(name) && name.Equals(DistinguishedName.Parse(name.Raw)) && name.Equals(name.ReEncodeUtf8()));

    [Fact]
    public void Equality_is_symmetric_and_agrees_with_the_hash() => Holds(Gen.Zip(Name, Name), pair =>
        pair.Item1.Equals(pair.Item2) == pair.Item2.Equals(pair.Item1)
        && (!pair.Item1.Equals(pair.Item2) || pair.Item1.GetHashCode() == pair.Item2.GetHashCode()));

    [Fact]
    public void Equality_ignores_case_and_white_space() => Holds(Attributes, attributes =>
    {
        return Build(attributes).Equals(Build([.. attributes.Select(a => (a.Item1, Shout(a.Item2)))]));

        static string Shout(string value) => "  " + value.Replace(" ", "   ", StringComparison.Ordinal).ToUpperInvariant() + " ";
    });

    [Fact]
    public void One_more_letter_makes_another_name() => Holds(Attributes.Where(a => a.Length > 0), attributes =>
        !Build(attributes).Equals(Build([.. attributes[..^1], (attributes[^1].Item1, attributes[^1].Item2 + "x")])));

    [Fact]
    public void Alternative_names_compare_as_sets_without_case() => Holds(
        Gen.NonEmptyListOf(Gen.Elements("a", "b.c", "x-1.example", "*.d").Select(GeneralName.Dns)).Select(names => names.Take(50).ToList()), // and one more stays below the limit
        list =>
        {
            var names = new GeneralNames(list);
            var turned = list.AsEnumerable().Reverse().Concat(list.Take(1)).Select(n => GeneralName.Dns(n.Value.ToUpperInvariant()));
            return names.Equals(new GeneralNames(turned)) && GeneralNames.Parse(names.Encode()).Equals(names)
                && !names.Equals(new GeneralNames(list.Append(GeneralName.Dns("other"))));
        });

    [Fact]
    public void Serial_number_reads_in_every_notation() => Holds(Serial, bytes =>
    {
        var hex = Convert.ToHexString(bytes);
        var colons = BitConverter.ToString(bytes).Replace('-', ':');
        string[] notations = [hex, "0x" + hex, "0X" + hex, colons, $" {hex} ", "00" + hex, "0x0" + hex];
        return notations.Concat(notations.Select(n => n.ToLowerInvariant()))
            .All(n => SerialNumbers.TryParse(n, out var serial) && serial == SerialNumbers.Format(bytes));
    });

    [GeneratedRegex(@"^[A-Za-z0-9.]+=([^,+=""\\<>;\p{Cc}]|\\[0-9A-F]{2})*$")]
    private static partial Regex Part();

    [GeneratedRegex(@"(\\[0-9A-F]{2})+")]
    private static partial Regex Escaped();

    private static string Unescape(string text) => Escaped().Replace(text, m =>
        System.Text.Encoding.UTF8.GetString(Convert.FromHexString(m.Value.Replace("\\", "", StringComparison.Ordinal))));

    private static DistinguishedName Build((string Oid, string Value)[] attributes) =>
        Samples.Name([.. attributes.Select(a => (a.Oid, UniversalTagNumber.UTF8String, a.Value))]);

    private static void Holds<T>(Gen<T> gen, Func<T, bool> property) =>
        Prop.ForAll(Arb.From(gen), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(null));
}
