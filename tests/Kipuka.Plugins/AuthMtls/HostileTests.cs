using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Plugins.AuthMtls;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>What a client may send to do harm.</summary>
public sealed class HostileTests
{
    private readonly X509Certificate2 root = Pki.Root();

    [Fact]
    public async Task Nothing_a_client_sends_causes_an_outbound_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x";
        var issuing = Pki.Authority(root, "Issuing", Aia(url));
        var leaf = Pki.Leaf(issuing, Aia(url), Crl(url));
        Pki.NotPresented(await Pki.AskAsync(root, leaf), "trusted CA");
        Pki.Accepted(await Pki.AskAsync(root, leaf, issuing));
        Pki.Accepted(await Pki.AskAsync(issuing, leaf));
        Assert.False(listener.Pending(), "somebody connected to the URL of a client's certificate");

        // The twin: the same chain with downloads allowed does connect, so the assertion above can fail.
        using var careless = new X509Chain();
        careless.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        careless.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        careless.ChainPolicy.CustomTrustStore.Add(root);
        careless.ChainPolicy.VerificationTime = Pki.Now.UtcDateTime;
        careless.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(1);
        careless.Build(leaf);
        Assert.True(listener.Pending());
    }

    [Fact]
    public async Task Garbage_is_refused_and_its_details_are_logged_only()
    {
        using var host = new FakeHost();
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)] };
        var leaf = Pki.Leaf(root);
        ReadOnlyMemory<byte> garbage = new byte[] { 0x30, 0x03, 1, 2, 3 };
        ReadOnlyMemory<byte> trailing = leaf.RawData.Append((byte)0).ToArray();
        ReadOnlyMemory<byte> pem = Encoding.ASCII.GetBytes(leaf.ExportCertificatePem());
        foreach (var bad in new[] { garbage, trailing, pem, ReadOnlyMemory<byte>.Empty })
        {
            Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request([bad]), host), "cannot be read");
        }
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request([leaf.RawData, garbage]), host), "cannot be read");
        Assert.Equal(5, host.Log.Lines.Count);
        Pki.Accepted(await Pki.AskAsync(settings, Pki.Request([leaf.RawData]), host));
    }

    [Fact]
    public async Task Any_changed_byte_of_a_certificate_is_refused_and_never_a_fault()
    {
        using var host = new FakeHost();
        await using var service = await new MtlsPlugin().StartAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, host, default);
        var good = Pki.Leaf(root).RawData;
        for (var index = 0; index < good.Length; index++)
        {
            var changed = (byte[])good.Clone();
            changed[index] ^= (byte)(1 << (index % 8));
            Assert.IsType<AuthenticationResult.Rejected>(await service.AuthenticateAsync(Pki.Request([changed]), default));
        }
        Pki.Accepted(await service.AuthenticateAsync(Pki.Request([good]), default));
    }

    [Fact]
    public async Task More_than_an_honest_client_sends_is_refused_unread()
    {
        var leaf = Pki.Leaf(root);
        var others = Enumerable.Range(0, 9).Select(number => Pki.Authority(root, $"CA {number}")).ToArray();
        Pki.Accepted(await Pki.AskAsync(root, [leaf, .. others]));
        Pki.NotPresented(await Pki.AskAsync(root, [leaf, .. others, root]), "too many");
        var settings = new MtlsSettings { TrustAnchors = [Pki.File(root)] };
        Pki.NotPresented(await Pki.AskAsync(settings, Pki.Request([leaf.RawData, new byte[70_000]])), "too large");
    }

    [Fact]
    public void The_memory_of_intermediates_is_bounded()
    {
        using var cache = new IssuerCache();
        var kept = Enumerable.Range(0, 70).Count(number => cache.TryKeep(Pki.Root($"R{number}")));
        Assert.Equal(64, kept);
    }

    private static X509AuthorityInformationAccessExtension Aia(string url) => new([url + "/ocsp"], [url + "/issuer.crt"]);

    private static X509Extension Crl(string url) => CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url + "/crl"]);
}
