using System.Net;

namespace Kipuka.Conformance;

/// <summary>RFC 4211 within the bounds of RFC 5272 section 3.2.1.2.2: CRMF requests, and what proves possession (RFC 5272 sections 6.7 and 6.8).</summary>
public sealed class Rfc5272Crmf(CmcServer server) : IClassFixture<CmcServer>
{
    [Fact]
    [Requirement("RFC 5272", "3.2.1.2.2", Level.Must, "A CRMF request is taken within the bounds that CMC sets; an extension that is not supported is unsupportedExt.")]
    public async Task A_CRMF_request_gets_its_certificate()
    {
        var reply = CmcServer.Done(await server.AskAsync(
            "factory", "key k rsa", "crmf 4711 k CN=crmf,O=Acme dns=crmf.example ski to=864000"));
        Assert.Equal([4711u], Assert.Single(reply.Statuses).Parts);
        var issued = reply.Issued.Single();
        Assert.Equal("O=Acme, CN=crmf", issued.Subject);
        Assert.Contains(issued.Extensions, extension => extension.Oid!.Value == "2.5.29.17");
        Assert.InRange((issued.NotAfter - issued.NotBefore).TotalDays, 9.9, 10.1);
    }

    /// <summary>The existing certificate's names and a new key: linking by certificate (6.3.3), which servers MUST support.</summary>
    [Fact]
    [Requirement("RFC 5272", "6.3.3", Level.Must, "Identity and possession are linked by the certificate that signs.")]
    public async Task A_device_renews_with_CRMF()
    {
        var device = await server.DeviceAsync();
        CmcServer.Done(await server.AskAsync(device, "key k ec", $"crmf 1 k CN={device} old={device}"));
        CmcServer.Refused(await server.AskAsync(device, "key k ec", $"crmf 1 k CN={device} old=ra"), HttpStatusCode.BadRequest, 4, 1);
        CmcServer.Refused(await server.AskAsync(device, "key k ec", "crmf 1 k CN=other"), HttpStatusCode.Forbidden, 7, 1);
    }

    /// <summary>popFailed "indicates POP processing failed"; popRequired "indicates server requires a POP proof" (6.1.4).</summary>
    [Theory]
    [InlineData("signer=other", 9)]
    [InlineData("pop=ra", 9)]
    [InlineData("pop=none", 8)]
    [InlineData("pop=encipher", 2)]
    [InlineData("alg=SHA1withECDSA", 2)]
    [Requirement("RFC 5272", "6.1.4", Level.Must, "A weak algorithm is badAlg, a failed proof of possession popFailed, a missing one popRequired.")]
    [Requirement("RFC 4211", "4.1", Level.Must, "A signing key proves its possession by a signature over the request.")]
    public async Task Possession_is_proven_by_a_signature_of_the_requests_own_key(string wrong, int failure)
    {
        string[] keys = ["key k ec", "key other ec"];
        CmcServer.Refused(await server.AskAsync("factory", [.. keys, $"crmf 1 k CN=pop {wrong}"]), HttpStatusCode.BadRequest, failure, 1);
        CmcServer.Done(await server.AskAsync("factory", [.. keys, "crmf 1 k CN=pop"]));
    }

    /// <summary>"Servers SHOULD reject all certification requests contained within a PKIData if any required POP is missing for any element" (6.7).</summary>
    [Fact]
    [Requirement("RFC 5272", "6.7", Level.Should, "One missing proof of possession stops every request of the message.")]
    public async Task One_missing_possession_stops_all_requests()
    {
        var got = await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=pop-1", "crmf 2 k CN=pop-2 pop=none");
        CmcServer.Refused(got, HttpStatusCode.BadRequest, 8, 1);
        CmcServer.Refused(got, HttpStatusCode.BadRequest, 8, 2);
        CmcServer.Done(await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=pop-1", "crmf 2 k CN=pop-2"), 2);
    }

    /// <summary>The RA POP Witness control (6.8): "If a certification server does not allow an RA to do the POP verification, it returns ... popFailed".</summary>
    [Fact]
    [Requirement("RFC 5272", "6.8", Level.Must, "A witness of possession by who is no registration authority is popFailed.")]
    public async Task Only_a_registration_authority_vouches_for_possession()
    {
        string[] lines = ["key k ec", "key other ec", "pkcs10 1 k CN=attested signer=other", "crmf 2 k CN=attested-2 pop=none", "crmf 3 k CN=attested-3 pop=ra"];
        CmcServer.Done(await server.AskAsync("ra", [.. lines, "witness 9 1 2"]), 3);
        foreach (var sender in (string[])["factory", "weak-ra", "false-ra"])
        {
            var got = await server.AskAsync(sender, [.. lines, "witness 9 1 2"]);
            CmcServer.Refused(got, HttpStatusCode.BadRequest, 9, 9);
            CmcServer.Refused(got, HttpStatusCode.BadRequest, 9, 1);
        }
        // What nobody vouches for has to be proven, for an RA as well.
        var (answer, reply) = await server.AskAsync("ra", [.. lines, "witness 9 2"]);
        Assert.Equal((HttpStatusCode.OK, 9), (answer.Status, reply.Of(1).Failure));
        Assert.Equal(2, reply.Issued.Count);
    }

    [Fact]
    public async Task A_witness_names_requests_of_its_message()
        => CmcServer.Refused(await server.AskAsync("ra", "key k ec", "pkcs10 1 k CN=attested", "witness 9 1 2"), HttpStatusCode.BadRequest, 2, 9);

    /// <summary>RFC 4211 section 5 has serialNumber omitted; controls that would change the request are refused by name; unsupportedExt (RFC 5272 3.2.1.2.2: MUST).</summary>
    [Theory]
    [InlineData("serial=5", 2, "serialNumber")]
    [InlineData("regtoken=secret", 2, "regToken")]
    [InlineData("to=-5", 2, "validity")]
    [InlineData("ca", 5, "CA:TRUE")]
    [Requirement("RFC 5272", "3.2.1.2.2", Level.Must, "A CRMF request is taken within the bounds that CMC sets; an extension that is not supported is unsupportedExt.")]
    [Requirement("RFC 4211", "5", Level.Must, "A template does not choose its serial number.")]
    public async Task What_a_request_must_not_ask_is_refused_by_name(string wrong, int failure, string said)
    {
        var got = await server.AskAsync("factory", "key k ec", $"crmf 1 k CN=wrong {wrong}");
        CmcServer.Refused(got, HttpStatusCode.BadRequest, failure, 1);
        Assert.Contains(said, got.Reply.Of(1).Text, StringComparison.Ordinal);
        CmcServer.Done(await server.AskAsync("factory", "key k ec", "crmf 1 k CN=wrong"));
    }
}
