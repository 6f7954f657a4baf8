using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.AuthMtls;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>Which chains lead to an anchor (rulings 10, 31).</summary>
public sealed class ChainTests
{
    private readonly X509Certificate2 root = Pki.Root();
    private readonly X509Certificate2 issuing;
    private readonly X509Certificate2 leaf;

    public ChainTests()
    {
        issuing = Pki.Authority(root);
        leaf = Pki.Leaf(issuing);
    }

    [Fact]
    public async Task A_chain_to_a_root_is_accepted() => Pki.Accepted(await Pki.AskAsync(root, leaf, issuing));

    [Fact]
    public async Task A_chain_with_a_missing_issuer_is_not() => Pki.NotPresented(await Pki.AskAsync(root, leaf), "not issued under a trusted CA");

    [Fact]
    public async Task A_listed_intermediate_ends_the_chain() => Pki.Accepted(await Pki.AskAsync(issuing, leaf));

    [Fact]
    public async Task A_listed_intermediate_ends_the_chain_also_when_the_client_sends_it_and_its_root()
        => Pki.Accepted(await Pki.AskAsync(issuing, leaf, issuing, root));

    [Fact]
    public async Task A_listed_intermediate_does_not_trust_its_root()
        => Pki.NotPresented(await Pki.AskAsync(issuing, Pki.Leaf(Pki.Authority(root, "Other")), root), "not issued under a trusted CA");

    [Fact]
    public async Task A_chain_below_a_listed_intermediate_is_accepted()
    {
        var lower = Pki.Authority(issuing, "Lower");
        Pki.Accepted(await Pki.AskAsync(issuing, Pki.Leaf(lower), lower));
    }

    [Fact]
    public async Task Another_anchor_is_not_enough() => Pki.NotPresented(await Pki.AskAsync(Pki.Root("Elsewhere"), leaf, issuing, root), "trusted CA");

    [Fact]
    public async Task An_anchor_of_the_same_name_and_another_key_is_not_enough()
    {
        var impostor = Pki.Root();
        var theirs = Pki.Leaf(impostor);
        Pki.NotPresented(await Pki.AskAsync(root, theirs), "does not hold");
        Pki.NotPresented(await Pki.AskAsync(root, theirs, impostor), "");
        Pki.Accepted(await Pki.AskAsync(impostor, theirs, root));
    }

    [Fact]
    public async Task A_forged_intermediate_of_a_listed_name_is_not_the_anchor()
    {
        var forged = Pki.Authority(Pki.Root(), "Issuing");
        Pki.NotPresented(await Pki.AskAsync(issuing, Pki.Leaf(forged), forged), "");
    }

    [Fact]
    public async Task A_leaf_issued_by_another_clients_certificate_is_refused()
    {
        Pki.NotPresented(await Pki.AskAsync(root, Pki.Issue(leaf, "CN=device-2"), leaf, issuing), "does not hold");
        Pki.Accepted(await Pki.AskAsync(root, leaf, issuing));
    }

    [Fact]
    public async Task Names_outside_an_intermediates_constraints_are_refused()
    {
        // nameConstraints: permitted dNSName example.com (RFC 5280 section 4.2.1.10).
        var constraints = new X509Extension("2.5.29.30", Convert.FromHexString("3011A00F300D820B6578616D706C652E636F6D"), true);
        var narrow = Pki.Authority(root, "Narrow", constraints);
        Pki.Accepted(await Pki.AskAsync(root, Pki.Leaf(narrow, San("a.example.com")), narrow));
        Pki.NotPresented(await Pki.AskAsync(root, Pki.Leaf(narrow, San("a.example.org")), narrow), "does not hold");
        Pki.NotPresented(await Pki.AskAsync(narrow, Pki.Leaf(narrow, San("a.example.org"))), "does not hold");
    }

    [Fact]
    public async Task The_labels_own_anchors_replace_the_tables()
    {
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)] };
        var other = Pki.Root("Label");
        Pki.Accepted(await Pki.AskAsync(settings, Pki.Request(Pki.Leaf(other)) with { TrustAnchors = [other] }));
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request(leaf, issuing) with { TrustAnchors = [other] }), "trusted CA");
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request(leaf, issuing) with { TrustAnchors = [] }), "trusted CA");
    }

    [Fact]
    public async Task A_remembered_intermediate_is_not_trusted_by_itself()
    {
        using var host = new Fakes.FakeHost();
        await using var service = await new MtlsPlugin().StartAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, host, default);
        for (var time = 0; time < 3; time++)
        {
            Pki.Accepted(await service.AuthenticateAsync(Pki.Request(leaf, issuing), default));
        }
        Pki.NotPresented(await service.AuthenticateAsync(Pki.Request(leaf), default), "trusted CA");
        var elsewhere = Pki.Request(leaf, issuing) with { TrustAnchors = [Pki.Root("Elsewhere")] };
        Pki.NotPresented(await service.AuthenticateAsync(elsewhere, default), "trusted CA");
    }

    [Fact]
    public async Task Many_at_once_are_judged_alike()
    {
        using var host = new Fakes.FakeHost();
        await using var service = await new MtlsPlugin().StartAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, host, default);
        await Parallel.ForAsync(0, 200, async (turn, cancel) =>
        {
            var good = turn % 2 == 0;
            var result = await service.AuthenticateAsync(good ? Pki.Request(leaf, issuing) : Pki.Request(leaf), cancel);
            Assert.Equal(good, result is Sdk.Auth.AuthenticationResult.Accepted);
        });
    }

    private static X509Extension San(string name)
    {
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddDnsName(name);
        return builder.Build();
    }
}
