using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.1.3 while a root changes its key: the four certificates of appendix A.1, from <c>chain</c>.</summary>
public sealed class Rfc7030Rollover(Rfc7030Rollover.Server server) : IClassFixture<Rfc7030Rollover.Server>
{
    public sealed class Server : EstServer
    {
        public Server()
        {
            var (oldKey, newKey) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP256));
            OldWithOld = new TestAuthority("Root", oldKey);
            NewWithNew = new TestAuthority("Root", newKey);
            OldWithNew = new TestAuthority("Root", oldKey, Below(NewWithNew), NewWithNew);
            NewWithOld = new TestAuthority("Root", newKey, Below(OldWithOld), OldWithOld);
        }

        public TestAuthority OldWithOld { get; }

        public TestAuthority NewWithNew { get; }

        public TestAuthority OldWithNew { get; }

        public TestAuthority NewWithOld { get; }

        protected override ServerSetup Setup => new()
        {
            Files = new Dictionary<string, string>
            {
                ["root.pem"] = NewWithNew.CertificatePem,
                ["root-key.pem"] = NewWithNew.KeyPem,
                ["rollover.pem"] = $"{NewWithOld.CertificatePem}\n{OldWithNew.CertificatePem}\n{OldWithOld.CertificatePem}\n",
            },
            More = """
                [[est.label]]
                name = "rolled"
                ca_id = "rolled"
                require_san = false
                [[ca]]
                id = "rolled"
                cert = "root.pem"
                key = "root-key.pem"
                chain = "rollover.pem"
                """,
        };

        // All four have one name: the key identifiers tell who signed whom.
        private static Action<CertificateRequest> Below(TestAuthority issuer) => request => request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuer.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single()));
    }

    [Fact]
    [Requirement("RFC 7030", "4.1.3", Level.Should, "After a change of the root's key, /cacerts has old with new and new with old besides.")]
    public async Task The_four_certificates_of_a_rollover_are_published()
    {
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, "rolled/cacerts")).Certificates;
        TestAuthority[] all = [server.NewWithNew, server.NewWithOld, server.OldWithNew, server.OldWithOld];
        Assert.Equal(all.Select(one => one.Certificate.Thumbprint).Order(), published.Select(one => one.Thumbprint).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC 7030", "4.1.3", Level.Should, "After a change of the root's key, /cacerts has old with new and new with old besides.")]
    public async Task A_client_that_trusts_either_root_verifies_what_is_issued(bool trustsOld)
    {
        using var csr = new Csr("CN=rolled");
        var issued = (await server.EnrollAsync(csr, "rolled/simpleenroll")).Certificate;
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, "rolled/cacerts")).Certificates;
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["root.pem"], (trustsOld ? server.OldWithOld : server.NewWithNew).CertificatePem);
        // What is signed by itself helps only whom it is trusted by.
        string[] roots = [server.OldWithOld.Certificate.Thumbprint, server.NewWithNew.Certificate.Thumbprint];
        await File.WriteAllTextAsync(folder["more.pem"], string.Join('\n', published.Where(one => !roots.Contains(one.Thumbprint)).Select(one => one.ExportCertificatePem())));
        await File.WriteAllTextAsync(folder["leaf.pem"], issued.ExportCertificatePem());
        var verified = await Tool.RunAsync("openssl", ["verify", "-CAfile", folder["root.pem"], "-untrusted", folder["more.pem"], folder["leaf.pem"]]);
        Assert.True(verified.ExitCode == 0, verified.ToString());
        using var stranger = new TestAuthority("Root");
        await File.WriteAllTextAsync(folder["root.pem"], stranger.CertificatePem);
        Assert.NotEqual(0, (await Tool.RunAsync("openssl", ["verify", "-CAfile", folder["root.pem"], "-untrusted", folder["more.pem"], folder["leaf.pem"]])).ExitCode);
    }
}
