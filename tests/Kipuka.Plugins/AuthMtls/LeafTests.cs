using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.AuthMtls;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>What a client's own certificate must be (rulings 31, 33, 35).</summary>
public sealed class LeafTests
{
    private readonly X509Certificate2 root = Pki.Root();

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public async Task Not_yet_valid_counts_as_not_presented(int secondsAfterStart, bool accepted)
        => Judge(await AtAsync(Pki.Now.AddSeconds(secondsAfterStart), TimeSpan.Zero), accepted, "not valid yet");

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 86400, true)]
    [InlineData(86400, 86400, true)]
    [InlineData(86401, 86400, false)]
    public async Task Expired_counts_as_not_presented_except_within_the_labels_grace(int secondsAfterEnd, int graceSeconds, bool accepted)
        => Judge(await AtAsync(Pki.Now.AddDays(1).AddSeconds(secondsAfterEnd), TimeSpan.FromSeconds(graceSeconds)), accepted, "expired");

    [Fact]
    public async Task Grace_does_not_reach_back_before_the_beginning()
        => Judge(await AtAsync(Pki.Now.AddSeconds(-1), TimeSpan.FromDays(30)), false, "not valid yet");

    [Fact]
    public async Task Grace_is_for_the_leaf_and_not_for_its_issuer()
    {
        var issuing = Pki.Issue(root, "CN=Issuing", authority: true, to: Pki.Now.AddSeconds(-1));
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)] };
        var leaf = Pki.Leaf(issuing);
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request(leaf, issuing) with { ExpiredGrace = TimeSpan.FromDays(30) }), "does not hold");
    }

    [Fact]
    public async Task Grace_is_for_nothing_else_than_the_end()
    {
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)] };
        var stranger = Pki.Issue(Pki.Root("Other"), "CN=device-1", to: Pki.Now.AddSeconds(-1));
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request(stranger) with { ExpiredGrace = TimeSpan.FromDays(30) }), "trusted CA");
    }

    [Fact]
    public async Task A_ca_certificate_is_no_client_certificate()
    {
        Pki.NotPresented(await Pki.AskAsync(root, Pki.Authority(root)), "CA certificate");
        Pki.NotPresented(await Pki.AskAsync(root, root), "CA certificate");
    }

    [Fact]
    public async Task A_listed_certificate_is_not_its_own_anchor()
    {
        var self = Pki.Issue(null, "CN=self");
        var request = Pki.Request(self) with { TrustAnchors = [self] };
        Pki.NotPresented(await Pki.AskAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, request), "trusted CA");
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, false)]
    public async Task Key_usage_must_allow_signing_where_it_stands(X509KeyUsageFlags usage, bool accepted)
        => Judge(await Pki.AskAsync(root, Pki.Leaf(root, new X509KeyUsageExtension(usage, true))), accepted, "keyUsage");

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData("1.3.6.1.5.5.7.3.1", false, true)]
    [InlineData("1.3.6.1.5.5.7.3.1", true, false)]
    [InlineData("1.3.6.1.5.5.7.3.2", true, true)]
    public async Task Ruling_35_clientAuth_is_demanded_only_when_the_setting_says_so(string? purpose, bool demanded, bool accepted)
    {
        var leaf = purpose is null ? Pki.Leaf(root) : Pki.Leaf(root, new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)], RequireClientAuthEku = demanded };
        Judge(await Pki.AskAsync(settings, Pki.Request(leaf)), accepted, "extKeyUsage");
    }

    [Fact]
    public async Task An_unknown_critical_extension_is_refused()
    {
        Pki.Accepted(await Pki.AskAsync(root, Pki.Leaf(root, new X509Extension("1.2.3.4.5", [5, 0], false))));
        Pki.NotPresented(await Pki.AskAsync(root, Pki.Leaf(root, new X509Extension("1.2.3.4.5", [5, 0], true))), "does not hold");
    }

    private async Task<AuthenticationResult> AtAsync(DateTimeOffset time, TimeSpan grace)
    {
        using var host = new FakeHost(new ManualClock(time));
        var leaf = Pki.Issue(root, "CN=device-1", from: Pki.Now, to: Pki.Now.AddDays(1));
        return await Pki.AskAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, Pki.Request(leaf) with { ExpiredGrace = grace }, host);
    }

    private static void Judge(AuthenticationResult result, bool accepted, string reason)
    {
        if (accepted)
        {
            Pki.Accepted(result);
        }
        else
        {
            Pki.NotPresented(result, reason);
        }
    }
}
