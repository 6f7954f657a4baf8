using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Auth;
using Kipuka.Pki;

namespace Kipuka.Tests.Auth;

/// <summary>Ruling 34: <c>[est.ra] trust_anchors</c>, id-kp-cmcRA and clientAuth, all three.</summary>
public sealed class RaRightsTests : IDisposable
{
    private const string CmcRa = "1.3.6.1.5.5.7.3.28";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";

    private readonly X509Certificate2 _root = Authority("CN=RA Root", null);
    private readonly X509Certificate2 _other = Authority("CN=RA Root", null);

    [Fact]
    public void All_three_together_make_an_ra() => Assert.True(Rights(_root).Has(Leaf(_root, CmcRa, ClientAuth), []));

    [Theory]
    [InlineData(CmcRa)]
    [InlineData(ClientAuth)]
    [InlineData(ClientAuth, AnyUsage)]
    [InlineData]
    public void Without_either_usage_there_are_no_rights(params string[] usages) => Assert.False(Rights(_root).Has(Leaf(_root, usages), []));

    [Fact]
    public void Another_authority_of_the_same_name_is_no_anchor() => Assert.False(Rights(_root).Has(Leaf(_other, CmcRa, ClientAuth), [_other.RawDataMemory]));

    [Fact]
    public void Without_anchors_nobody_is_an_ra() => Assert.False(Rights().Has(Leaf(_root, CmcRa, ClientAuth), [_root.RawDataMemory]));

    [Fact]
    public void An_intermediate_beside_the_certificate_completes_the_chain()
    {
        using var middle = Authority("CN=RA Issuing", _root);
        var leaf = Leaf(middle, CmcRa, ClientAuth);
        Assert.True(Rights(_root).Has(leaf, [middle.RawDataMemory]));
        Assert.True(Rights(middle).Has(leaf, []));
        Assert.False(Rights(_root).Has(leaf, []));
    }

    [Fact]
    public void An_anchor_is_not_an_ra_itself()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=Self", key, CmcRa, ClientAuth);
        using var self = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.False(Rights(self).Has(CertificateFields.Parse(self.RawDataMemory), []));
    }

    [Fact]
    public void An_expired_certificate_has_no_rights()
    {
        var leaf = Leaf(_root, CmcRa, ClientAuth);
        Assert.False(new RaRights([_root], new FixedClock(leaf.NotAfter.AddMinutes(1))).Has(leaf, []));
        Assert.True(new RaRights([_root], new FixedClock(leaf.NotAfter.AddMinutes(-1))).Has(leaf, []));
    }

    public void Dispose()
    {
        _root.Dispose();
        _other.Dispose();
    }

    private static RaRights Rights(params X509Certificate2[] anchors) => new(anchors, TimeProvider.System);

    private static CertificateFields Leaf(X509Certificate2 issuer, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = Request("CN=ra", key, usages)
            .Create(issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return CertificateFields.Parse(leaf.RawData);
    }

    private static CertificateRequest Request(string subject, ECDsa key, params string[] usages)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (usages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(oid => new Oid(oid))], false));
        }
        return request;
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? parent)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        if (parent is null)
        {
            return request.CreateSelfSigned(from, to);
        }
        using var bare = request.Create(parent, from, to, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
