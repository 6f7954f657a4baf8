using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthGssapi;

namespace Kipuka.Plugins.Tests.AuthGssapi;

/// <summary>Ruling 18: principal to subject, and the principal as one attribute value, never as text.</summary>
public sealed class MappingTests
{
    private const string Template = "CN={principal},OU=Users,DC=example,DC=com";

    // RFC 4514 section 2.1: the text begins with the last relative name.
    [Fact]
    public void A_subject_is_encoded_in_the_order_of_a_directory()
        => Assert.Equal("DC=com|DC=example|OU=Users|CN=alice@EXAMPLE.COM", Encoded(SubjectTemplate.Parse(Template).For("alice@EXAMPLE.COM")));

    [Theory]
    [InlineData(@"CN=a\,b\+c\=d\\e\""f", "CN=a,b+c=d\\e\"f")]
    [InlineData(@"CN=a\2Cb\E2\98\83", "CN=a,b☃")]
    [InlineData(" CN = a b , O = c ", "O=c|CN=a b")]
    [InlineData(@"CN=\ a\ ", "CN= a ")]
    [InlineData("CN=a=b", "CN=a=b")]
    [InlineData("OU=z+CN=a", "CN=a+OU=z")]
    [InlineData("cn=☃", "CN=☃")]
    [InlineData("2.5.4.3=x", "CN=x")]
    [InlineData("CN=user {principal} here", "CN=user p here")]
    [InlineData(@"CN=\7Bprincipal\7D", "CN={principal}")]
    public void Texts_of_RFC_4514_are_read(string text, string expected) => Assert.Equal(expected, Encoded(SubjectTemplate.Parse(text).For("p")));

    [Theory]
    [InlineData("", "no attribute")]
    [InlineData("alice", "no attribute")]
    [InlineData("CN=", "no value")]
    [InlineData("CN=a,", "no attribute")]
    [InlineData("CN=a,b", "no attribute")]
    [InlineData("XX=a", "no attribute type")]
    [InlineData("2.99=a=1", "\"2.99\"")]
    [InlineData("9.1.2=a", "no attribute type")]
    [InlineData("CN=#0401", "backslash")]
    [InlineData("CN=\"a\"", "backslash")]
    [InlineData("CN=a;O=b", "backslash")]
    [InlineData("CN=a\\", "backslash")]
    [InlineData("CN=a\\x", "backslash")]
    [InlineData("CN=\\FF", "UTF-8")]
    [InlineData("CN=a\nb", "U+000A")]
    [InlineData("CN={user}", "{principal}")]
    [InlineData("CN={principal", "{principal}")]
    [InlineData("{principal}=a", "no attribute type")]
    public void Others_are_refused_with_the_reason(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<FormatException>(() => SubjectTemplate.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a,O=Evil")]
    [InlineData("a+OU=b")]
    [InlineData("\"a\\2C")]
    [InlineData("{principal}")]
    [InlineData("größe/☃@R")]
    public void A_principal_makes_no_further_attribute(string principal)
        => Assert.Equal(["DC=com", "DC=example", "OU=Users", $"CN={principal}"], Attributes(SubjectTemplate.Parse(Template).For(principal)));

    [Fact]
    public void No_principal_at_all_makes_a_further_attribute()
    {
        var special = Gen.Elements(",+=\"\\;<>#{} \0\nCNOU/@é☃".ToCharArray());
        var principals = Gen.OneOf(
            Gen.ArrayOf(special).Select(characters => new string(characters)),
            ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(text => text.Get));
        Prop.ForAll(principals.Where(IsUnicode).ToArbitrary(), principal =>
            Attributes(SubjectTemplate.Parse(Template).For(principal)).SequenceEqual(["DC=com", "DC=example", "OU=Users", $"CN={principal}"]))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_mapping_of_ones_own_comes_before_the_template()
    {
        var map = Map(new GssapiSettings { DefaultTemplate = Template, PrincipalMapping = Table(("alice@A", "CN=Alice")) });
        Assert.Equal(("CN=Alice", "principal_mapping"), Found(map, "alice@A"));
        Assert.Equal(("DC=com|DC=example|OU=Users|CN=alice@B", "default_template"), Found(map, "alice@B"));
        Assert.Equal("default_template", Found(map, "ALICE@A").Rule);
    }

    [Fact]
    public void Without_a_template_others_have_no_subject()
        => Assert.Null(Map(new GssapiSettings { PrincipalMapping = Table(("alice@A", "CN=Alice")) }).Find("bob@A"));

    // The book's own TOML puts the key there.
    [Fact]
    public void The_template_may_stand_inside_the_mapping()
    {
        var map = Map(new GssapiSettings { PrincipalMapping = Table(("default_template", "CN={principal}")) });
        Assert.Equal(("CN=bob@A", "default_template"), Found(map, "bob@A"));
    }

    [Theory]
    [InlineData("CN={principal}", "default_template", "CN={principal}", "keep one")]
    [InlineData("CN=all", "a@A", "CN=a", "same subject")]
    [InlineData(null, "default_template", "CN=all", "same subject")]
    [InlineData("CN", "a@A", "CN=a", "no subject")]
    [InlineData(null, "a@A", "CN", "no subject")]
    [InlineData(null, "alice", "CN=a", "name@REALM")]
    [InlineData(null, "alice@", "CN=a", "name@REALM")]
    [InlineData(null, "alice@A@B", "CN=a", "name@REALM")]
    public void What_cannot_be_meant_is_a_problem(string? template, string key, string value, string message)
    {
        var problem = Assert.Single(PrincipalMap.From(new GssapiSettings { DefaultTemplate = template, PrincipalMapping = Table((key, value)) }).Problems);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.False(problem.IsWarning);
    }

    [Fact]
    public void A_map_that_refuses_everybody_is_a_warning()
        => Assert.True(Assert.Single(PrincipalMap.From(new GssapiSettings()).Problems).IsWarning);

    private static bool IsUnicode(string text)
        => !text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);

    private static PrincipalMap Map(GssapiSettings settings)
    {
        var map = PrincipalMap.From(settings);
        Assert.Empty(map.Problems);
        return map;
    }

    private static (string Subject, string Rule) Found(PrincipalMap map, string principal)
    {
        var found = map.Find(principal)!.Value;
        return (Encoded(found.Subject), found.Rule);
    }

    private static Dictionary<string, string> Table(params (string Principal, string Subject)[] rows) => rows.ToDictionary(row => row.Principal, row => row.Subject);

    private static string Encoded(X500DistinguishedName name) => string.Join('|', Attributes(name));

    // Read without the platform's own printer, which quotes.
    private static List<string> Attributes(X500DistinguishedName name)
    {
        List<string> rdns = [];
        for (var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence(); sequence.HasData;)
        {
            List<string> attributes = [];
            for (var set = sequence.ReadSetOf(); set.HasData;)
            {
                var pair = set.ReadSequence();
                var type = pair.ReadObjectIdentifier() switch { "2.5.4.3" => "CN", "2.5.4.10" => "O", "2.5.4.11" => "OU", "0.9.2342.19200300.100.1.25" => "DC", var other => other };
                attributes.Add($"{type}={pair.ReadCharacterString(UniversalTagNumber.UTF8String)}");
                Assert.False(pair.HasData);
            }
            rdns.Add(string.Join('+', attributes));
        }
        return rdns;
    }
}
