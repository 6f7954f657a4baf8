using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthGssapi;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.AuthGssapi;

/// <summary>What an operator is told before anything runs, and how a start that cannot work says so.</summary>
public sealed class SettingsTests
{
    private const string Service = Gssapi.Service;

    [Fact]
    public void What_works_has_no_problem() => Assert.Empty(Problems(Good()));

    [Fact]
    public void Switched_off_nothing_is_mandatory() => Assert.Empty(Problems(new GssapiSettings { Enabled = false }));

    [Fact]
    public void Switched_on_keytab_and_service_are()
        => Assert.Equal(["service_principal", "keytab"], Problems(new GssapiSettings { DefaultTemplate = "CN={principal}" }).Select(problem => problem.Key));

    [Theory]
    [InlineData("HTTP/est.example.com")]
    [InlineData("@EXAMPLE.COM")]
    [InlineData("HTTP/est.example.com@")]
    [InlineData("HTTP/a@B@C")]
    public void A_service_needs_a_realm(string principal)
        => Assert.Equal("service_principal", Assert.Single(Problems(Good() with { ServicePrincipal = principal })).Key);

    [Fact]
    public void A_service_of_another_kind_is_a_warning()
    {
        var settings = Good() with { ServicePrincipal = "host/a@B", Keytab = File(Gssapi.KeytabOf("host/a@B")) };
        Assert.True(Assert.Single(Problems(settings)).IsWarning);
    }

    [Fact]
    public void A_keytab_without_the_services_key_names_those_it_has()
    {
        var settings = Good() with { Keytab = File(Gssapi.KeytabOf("HTTP/other@EXAMPLE.COM", "host/est@EXAMPLE.COM")) };
        Assert.Equal(
            $"The keytab /kt has no key for {Service}; it has HTTP/other@EXAMPLE.COM, host/est@EXAMPLE.COM.", Assert.Single(Problems(settings)).Message);
        Assert.Empty(Problems(settings with { Keytab = File(Gssapi.KeytabOf("HTTP/other@EXAMPLE.COM", Service)) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    public void What_is_no_keytab_is_said_to_be_none(string content)
        => Assert.Contains("is no keytab", Assert.Single(Problems(Good() with { Keytab = File(Encoding.ASCII.GetBytes(content)) })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_keytab_that_was_cut_or_damaged_is_a_problem_and_not_a_fault()
    {
        var whole = Gssapi.KeytabOf(Service);
        Assert.Contains("ends in the middle", Assert.Throws<FormatException>(() => Keytab.Principals(whole.AsSpan(0, 40))).Message, StringComparison.Ordinal);
        var damage = ArbMap.Default.ArbFor<byte[]>().Generator.Select(junk => (byte[])[5, 2, .. junk, .. whole[(2 + Math.Min(junk.Length, whole.Length - 2))..]]);
        Prop.ForAll(damage.ToArbitrary(), bytes =>
        {
            try
            {
                return Keytab.Principals(bytes).Count >= 0;
            }
            catch (FormatException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice@EXAMPLE.COM")]
    public void A_realm_is_only_a_realm(string realm)
        => Assert.Equal("allowed_realms", Assert.Single(Problems(Good() with { AllowedRealms = ["EXAMPLE.COM", realm] })).Key);

    [Fact]
    public async Task A_start_without_the_keytab_says_what_to_do()
    {
        await using var gssapi = await Gssapi.StartAsync();
        var gone = gssapi.Settings with { Keytab = File(Gssapi.KeytabOf(Service)) };
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () => await new GssapiPlugin().StartAsync(gone, gssapi.Host, default));
        Assert.StartsWith($"The keytab /kt does not serve {Service}: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Export the service's key", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice@EXAMPLE.COM", "EXAMPLE.COM")]
    [InlineData("HTTP/a.b@R", "R")]
    [InlineData(@"a\@b@R", "R")]
    public void The_realm_is_what_stands_behind_the_at_sign(string principal, string realm)
    {
        Assert.Equal(principal, PrincipalText.Read(Encoding.UTF8.GetBytes(principal)));
        Assert.Equal(realm, PrincipalText.RealmOf(principal));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice@")]
    [InlineData("@R")]
    [InlineData(@"a\@R")]
    [InlineData("a\u0007@R")]
    [InlineData("a\u202e@R")]
    public void What_is_no_honest_principal_is_none(string principal) => Assert.Null(PrincipalText.Read(Encoding.UTF8.GetBytes(principal)));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_no_principal() => Assert.Null(PrincipalText.Read([0x61, 0xff, 0x40, 0x52]));

    private static GssapiSettings Good()
        => new() { Keytab = File(Gssapi.KeytabOf(Service)), ServicePrincipal = Service, DefaultTemplate = "CN={principal}" };

    private static SecretFile File(byte[] content) => new("/kt", Secret.Copy(content));

    private static List<SettingsProblem> Problems(GssapiSettings settings) => [.. new GssapiPlugin().Check(settings)];
}
