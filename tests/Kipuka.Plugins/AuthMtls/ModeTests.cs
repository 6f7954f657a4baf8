using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.AuthMtls;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>When a client certificate is asked for (ruling 11), and how the settings are checked (ruling 10).</summary>
public sealed class ModeTests
{
    private readonly X509Certificate2 root = Pki.Root();

    [Theory]
    [InlineData(ClientAuthMode.Optional, EstOperation.SimpleEnroll, false)]
    [InlineData(ClientAuthMode.Optional, EstOperation.SimpleReEnroll, false)]
    [InlineData(ClientAuthMode.RequiredForReenroll, EstOperation.SimpleEnroll, false)]
    [InlineData(ClientAuthMode.RequiredForReenroll, EstOperation.SimpleReEnroll, true)]
    [InlineData(ClientAuthMode.Required, EstOperation.SimpleEnroll, true)]
    [InlineData(ClientAuthMode.None, EstOperation.SimpleReEnroll, false)]
    public async Task Without_a_certificate_only_a_mode_that_requires_one_refuses(ClientAuthMode mode, EstOperation operation, bool refused)
    {
        var result = await Pki.AskAsync(Settings(mode), Pki.Request() with { Operation = operation });
        if (refused)
        {
            var rejected = Assert.IsType<AuthenticationResult.Rejected>(result);
            Assert.Equal("a client certificate is required", rejected.Reason);
            Assert.True(rejected.Forbidden, "where a certificate is required no password stands in for it");
        }
        else
        {
            Assert.Equal(new AuthenticationResult.NotMine(), result);
        }
    }

    [Theory]
    [InlineData(ClientAuthMode.Optional, false)]
    [InlineData(ClientAuthMode.Required, true)]
    public async Task Ruling_31_an_untrusted_certificate_counts_as_not_presented(ClientAuthMode mode, bool forbidden)
    {
        var result = await Pki.AskAsync(Settings(mode), Pki.Request(Pki.Leaf(Pki.Root("Other"))));
        Assert.Equal(forbidden, Assert.IsType<AuthenticationResult.Rejected>(result).Forbidden);
        Pki.Accepted(await Pki.AskAsync(Settings(mode), Pki.Request(Pki.Leaf(root))));
    }

    [Fact]
    public async Task With_mode_none_no_certificate_proves_anything()
        => Assert.Equal(new AuthenticationResult.NotMine(), await Pki.AskAsync(Settings(ClientAuthMode.None), Pki.Request(Pki.Leaf(root))));

    [Fact]
    public void The_default_is_optional() => Assert.Equal(ClientAuthMode.Optional, new MtlsSettings().Mode);

    [Fact]
    public void Anchors_are_mandatory_unless_the_mode_is_none()
    {
        Assert.Equal("trust_anchors", Assert.Single(new MtlsPlugin().Check(new MtlsSettings())).Key);
        Assert.Empty(new MtlsPlugin().Check(new MtlsSettings { Mode = ClientAuthMode.None }));
        Assert.Empty(new MtlsPlugin().Check(Settings(ClientAuthMode.Optional)));
    }

    [Fact]
    public void A_file_that_holds_no_ca_certificate_is_a_problem_that_names_it()
    {
        var garbage = new SettingsFile("/etc/garbage.pem", "no certificate"u8.ToArray());
        var empty = new SettingsFile("/etc/key.pem", "-----BEGIN X-----\nAAAA\n-----END X-----\n"u8.ToArray());
        var problems = new MtlsPlugin().Check(new MtlsSettings { TrustAnchors = [garbage, empty, Pki.File(Pki.Leaf(root)), Pki.File(root)] }).ToList();
        Assert.Equal(3, problems.Count);
        Assert.Contains("/etc/garbage.pem", problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("/etc/key.pem", problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("CN=device-1", problems[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ruling_10_several_files_bundles_and_der_are_all_anchors()
    {
        X509Certificate2[] roots = [Pki.Root("A"), Pki.Root("B"), Pki.Root("C")];
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(roots[0], roots[1], roots[0]), new SettingsFile("/c.der", roots[2].RawData)] };
        foreach (var anchor in roots)
        {
            Pki.Accepted(await Pki.AskAsync(settings, Pki.Request(Pki.Leaf(anchor))));
        }
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request(Pki.Leaf(root))), "trusted CA");
    }

    private MtlsSettings Settings(ClientAuthMode mode) => new() { Mode = mode, TrustAnchors = [Pki.File(root)] };
}
