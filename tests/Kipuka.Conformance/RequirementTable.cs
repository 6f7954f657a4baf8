using System.Reflection;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>The table of docs/rfc-support.md is made from the tests' own attributes.</summary>
public sealed class RequirementTable
{
    private const string Begin = "<!-- made from the tests: begin -->";
    private const string End = "<!-- made from the tests: end -->";

    [Fact]
    public void The_page_names_for_each_demand_the_tests_that_prove_it()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rfc-support.md"));
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var table = page[start..page.IndexOf(End, StringComparison.Ordinal)].Trim();
        var made = Make();
        Assert.True(table == made, $"Write this between the marks of docs/rfc-support.md:\n{made}\n(end of table)");
    }

    [Fact]
    public void A_demand_is_told_in_the_same_words_by_every_test_that_proves_it()
        => Assert.All(
            Demands().GroupBy(demand => (demand.Rule.Standard, demand.Rule.Section, demand.Rule.Text)),
            same => Assert.Single(same.Select(demand => demand.Rule.Level).Distinct()));

    private static string Make()
    {
        var text = new StringBuilder();
        foreach (var standard in Demands().GroupBy(demand => demand.Rule.Standard).OrderBy(group => Number(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal))
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
