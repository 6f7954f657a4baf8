using Kipuka.Sdk.Tck;

namespace Kipuka.Plugins.Tests.Tck;

/// <summary>Every check of the conformance kit finds the one plugin that was broken for it, and no other check does.</summary>
public sealed class BrokenPluginTests
{
    private const string Flawless = "flawless";

    public static TheoryData<string, string> Broken
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var exported in BrokenPlugins.Exported.Where(plugin => plugin.Name != Flawless))
            {
                data.Add(exported.Kind, exported.Name["no-".Length..]);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_plugin_fails_its_check_and_no_other(string kind, string check)
    {
        var report = await RunAsync(kind, $"no-{check}");
        Assert.Equal([check], report.Failures.Select(failure => failure.Name).ToArray());
        Assert.All(report.Failures, failure => Assert.False(string.IsNullOrWhiteSpace(failure.Reason)));
        Assert.Contains($"  {check}: ", Assert.Throws<TckFailedException>(report.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca")]
    [InlineData("auth")]
    [InlineData("transport")]
    [InlineData("ha")]
    [InlineData("audit")]
    public async Task A_flawless_plugin_passes_every_check_and_for_every_check_there_is_a_broken_one(string kind)
    {
        var report = await RunAsync(kind, Flawless);
        Assert.All(report.Checks, check => Assert.Equal((check.Name, TckOutcome.Passed, ""), (check.Name, check.Outcome, check.Reason)));
        Assert.Equal(
            report.Checks.Select(check => $"no-{check.Name}").Order(StringComparer.Ordinal),
            BrokenPlugins.Exported.Where(plugin => plugin.Kind == kind && plugin.Name != Flawless).Select(plugin => plugin.Name).Order(StringComparer.Ordinal));
        report.ThrowIfFailed();
    }

    [Fact]
    public async Task A_report_shows_no_secret_even_of_a_plugin_that_leaks_it()
    {
        var report = await RunAsync("audit", "no-secrets");
        Assert.DoesNotContain("a password that nobody may see", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("(secret)", Assert.Single(report.Failures).Reason, StringComparison.Ordinal);
    }

    private static async Task<TckReport> RunAsync(string kind, string name)
    {
        using var plugins = new BrokenPlugins();
        return await plugins.RunAsync(BrokenPlugins.Exported.Single(plugin => plugin.Kind == kind && plugin.Name == name));
    }
}
