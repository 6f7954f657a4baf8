using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.1 with ruling 30.</summary>
public sealed class Rfc7030Cacerts(Rfc7030Cacerts.Server server) : IClassFixture<Rfc7030Cacerts.Server>
{
    public sealed class Server : EstServer
    {
        public TestAuthority Root { get; } = new("Far Root", change: request =>
        {
            // A root above a CA must not say that no CA comes below it.
            request.CertificateExtensions.Remove(request.CertificateExtensions.OfType<X509BasicConstraintsExtension>().Single());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        });

        protected override ServerSetup Setup
        {
            get
            {
                var below = new TestAuthority("Issuing CA", parent: Root);
                return new ServerSetup
                {
                    Est = "csr_attributes = [\"1.2.840.113549.1.9.7\", \"1.2.840.10045.4.3.3\"]",
                    Files = new Dictionary<string, string> { ["below.pem"] = below.CertificatePem, ["below-key.pem"] = below.KeyPem, ["root.pem"] = Root.CertificatePem },
                    More = "[[est.label]]\nname = \"below\"\nca_id = \"below\"\nrequire_san = false\n"
                        + "[[ca]]\nid = \"below\"\ncert = \"below.pem\"\nkey = \"below-key.pem\"\nroot = \"root.pem\"\n",
                };
            }
        }
    }

    [Fact]
    [Requirement("RFC 7030", "4.1.2", Level.Should, "/cacerts needs no client authentication.")]
    [Requirement("NIAP CA PP", "FCS_CKM.2", Level.Must, "The CA's public keys are distributed as certificates.")]
    public async Task Nobody_has_to_prove_anything_to_read_the_CAs_certificates()
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, "cacerts");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(server.Kipuka.Authority.Certificate.RawData, answer.Certificate.RawData);
    }

    [Fact]
    [Requirement("RFC 7030", "4.1.3", Level.Must, "/cacerts has the root.")]
    public async Task A_subordinate_CA_publishes_itself_and_the_root()
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, "below/cacerts");
        Assert.Equal(2, answer.Certificates.Count);
        Assert.Contains(answer.Certificates, certificate => certificate.RawData.AsSpan().SequenceEqual(server.Root.Certificate.RawData));
    }

    [Fact]
    [Requirement("RFC 7030", "3.2.2", Level.Must, "Operations stand under /.well-known/est, with or without one label between.")]
    [Requirement("RFC 7030", "4.1.3", Level.Must, "/cacerts has every certificate that a path from the root to what is issued needs.")]
    public async Task What_a_label_issues_verifies_against_what_it_publishes()
    {
        using var csr = new Csr("CN=chain");
        var issued = (await server.EnrollAsync(csr, "below/simpleenroll")).Certificate;
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, "below/cacerts")).Certificates;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(published.Single(certificate => certificate.Subject == certificate.Issuer));
        chain.ChainPolicy.ExtraStore.AddRange(published);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(issued), string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    [Fact]
    public async Task An_unknown_label_is_404()
        => Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.SendAsync(HttpMethod.Get, "nowhere/cacerts")).Status);

    [Fact]
    [Requirement("RFC 9110", "9.1", Level.Must, "GET and HEAD are answered where something can be read.")]
    [Requirement("RFC 9110", "9.3.2", Level.Must, "HEAD has the fields of GET and no content.")]
    public async Task HEAD_has_the_head_of_GET_and_no_body()
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Head, "cacerts");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Body);
        Assert.Equal((await server.Kipuka.SendAsync(HttpMethod.Get, "cacerts")).Body.Length, answer.ContentHeaders.ContentLength);
    }

    [Fact]
    [Requirement("RFC 7030", "4.5.2", Level.Must, "/csrattrs is 200 with application/csrattrs, or 204 or 404 where there is nothing to say.")]
    [Requirement("RFC 8951", "4", Level.Must, "/csrattrs is a SEQUENCE of OIDs and attributes.")]
    public async Task csrattrs_lists_what_is_configured_in_the_DER_of_RFC_7030_section_4_5_2()
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, "csrattrs");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/csrattrs", answer.ContentHeaders.ContentType?.MediaType);
        Assert.Equal(RawCsr.Sequence(RawCsr.Oid("1.2.840.113549.1.9.7"), RawCsr.Oid("1.2.840.10045.4.3.3")), Convert.FromBase64String(answer.Text));
    }
}
