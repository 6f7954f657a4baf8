using System.Reflection;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>The tables of docs/rfc-support.md and docs/niap.md are made from the tests' own attributes.</summary>
public sealed class RequirementTable
{
    private const string Begin = "<!-- made from the tests: begin -->";
    private const string End = "<!-- made from the tests: end -->";

    // The protection profile has a page of its own.
    private const string Profile = "NIAP CA PP";

    private static readonly string[] Components =
    [
        "FAU_GEN.1", "FAU_GEN.2", "FAU_STG.1", "FCS_CKM.1", "FCS_CKM.2", "FCS_COP.1", "FCS_RBG_EXT.1", "FCS_TLSS_EXT.1", "FIA_AFL.1", "FIA_UAU.1", "FIA_UAU.5",
        "FMT_SMF.1", "FMT_SMR.1", "FTP_TRP.1",
    ];

    [Fact]
    public void The_page_names_for_each_demand_the_tests_that_prove_it() => Compare("rfc-support.md", rule => rule.Standard != Profile);

    [Fact]
    public void The_page_of_the_protection_profile_names_for_each_component_the_tests_that_prove_it()
    {
        Compare("niap.md", rule => rule.Standard == Profile);
        Assert.Equal(Components, Demands().Where(demand => demand.Rule.Standard == Profile).Select(demand => demand.Rule.Section).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_demand_is_told_in_the_same_words_by_every_test_that_proves_it()
        => Assert.All(
            Demands().GroupBy(demand => (demand.Rule.Standard, demand.Rule.Section, demand.Rule.Text)),
            same => Assert.Single(same.Select(demand => demand.Rule.Level).Distinct()));

    private static void Compare(string name, Func<RequirementAttribute, bool> belongs)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", name));
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var table = page[start..page.IndexOf(End, StringComparison.Ordinal)].Trim();
        var made = Make(belongs);
        Assert.True(table == made, $"Write this between the marks of docs/{name}:\n{made}\n(end of table)");
    }

    private static string Make(Func<RequirementAttribute, bool> belongs)
    {
        var text = new StringBuilder();
        foreach (var standard in Demands().Where(demand => belongs(demand.Rule)).GroupBy(demand => demand.Rule.Standard).OrderBy(group => Number(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("### ").Append(standard.Key).Append("\n\n| Section | | What it demands | Proven by |\n|---|---|---|---|\n");
            foreach (var demand in standard.GroupBy(one => (one.Rule.Section, one.Rule.Level, one.Rule.Text))
                .OrderBy(one => Order(one.Key.Section), StringComparer.Ordinal).ThenBy(one => one.Key.Level).ThenBy(one => one.Key.Text, StringComparer.Ordinal))
            {
                var tests = string.Join("<br>", demand.Select(one => $"`{one.Test}`").Order(StringComparer.Ordinal));
                text.Append($"| {demand.Key.Section} | {demand.Key.Level.ToString().ToUpperInvariant()} | {demand.Key.Text} | {tests} |\n");
            }
            text.Append('\n');
        }
        return text.ToString().Trim();
    }

    private static List<(RequirementAttribute Rule, string Test)> Demands() => [.. typeof(RequirementTable).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetCustomAttributes<RequirementAttribute>(), (method, rule) => (rule, $"{method.DeclaringType!.Name}.{method.Name}"))];

    private static int Number(string standard) => int.TryParse(string.Concat(standard.Where(char.IsAsciiDigit)), out var number) ? number : 0;

    // 4.10 comes after 4.9.
    private static string Order(string section) => string.Join('.', section.Split('.').Select(part => part.PadLeft(4, '0')));
}
