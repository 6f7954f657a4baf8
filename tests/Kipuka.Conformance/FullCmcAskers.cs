using System.Net;

namespace Kipuka.Conformance;

/// <summary>Rulings 34 and 43: who may ask for what with /fullcmc (RFC 7030 section 4.3).</summary>
public sealed class FullCmcAskers(CmcServer server) : IClassFixture<CmcServer>
{
    private static readonly string[] AnyName = ["key k ec", "pkcs10 1 k CN=any-name"];

    [Fact]
    public async Task Without_a_TLS_client_certificate_the_answer_is_a_plain_401()
    {
        var message = await server.Peer.MakeAsync([.. AnyName, "sign factory"]);
        foreach (var password in (string?[])[null, server.Password])
        {
            var answer = await server.PostAsync(message, null, password: password);
            Assert.Equal((HttpStatusCode.Unauthorized, "text/plain"), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
            Assert.Contains("require_mtls", answer.Text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync(message, "stranger")).Status);
        CmcServer.Done(await server.SendAsync(message, "factory"));
        CmcServer.Done(await server.SendAsync(message, "ra"));
    }

    [Fact]
    public async Task An_unsigned_message_is_badMessageCheck()
    {
        CmcServer.Refused(await server.SendAsync(await server.Peer.MakeAsync(AnyName), "factory"), HttpStatusCode.BadRequest, 1, 0);
        CmcServer.Refused(await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, "sign - none"]), "factory"), HttpStatusCode.BadRequest, 1, 0);
        CmcServer.Done(await server.AskAsync("factory", AnyName));
    }

    [Fact]
    [Requirement("RFC 7030", "4.3.2", Level.Must, "A Full PKI Request that is refused has a status of 400 or above and a CMC response in the body.")]
    public async Task A_signer_that_is_not_trusted_is_badIdentity()
        => CmcServer.Refused(
            await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, "sign stranger"]), "factory"), HttpStatusCode.Unauthorized, 7, 0);

    /// <summary>Ruling 33: a certificate of ours asks for its own names only.</summary>
    [Fact]
    public async Task A_device_asks_for_its_own_names()
    {
        var device = await server.DeviceAsync();
        CmcServer.Done(await server.AskAsync(device, "key k ec", $"pkcs10 1 k CN={device}"));
        CmcServer.Refused(await server.AskAsync(device, AnyName), HttpStatusCode.Forbidden, 7, 1);
        CmcServer.Refused(await server.AskAsync(device, "key k ec", $"pkcs10 1 k CN={device} dns=more.example"), HttpStatusCode.Forbidden, 7, 1);
    }

    /// <summary>The signer decides, whoever carries the message.</summary>
    [Fact]
    [Requirement("RFC 5272", "6.3.3", Level.Must, "Identity and possession are linked by the certificate that signs.")]
    [Requirement("NIAP CA PP", "FIA_UAU.5", Level.Must, "The signature of a CMC message authenticates its signer.")]
    public async Task The_signers_names_count_and_not_the_TLS_clients()
    {
        var (signer, carrier) = (await server.DeviceAsync(), await server.DeviceAsync());
        var own = await server.Peer.MakeAsync("key k ec", $"pkcs10 1 k CN={signer}", $"sign {signer}");
        CmcServer.Done(await server.SendAsync(own, carrier));
        var carried = await server.Peer.MakeAsync("key k ec", $"pkcs10 1 k CN={carrier}", $"sign {signer}");
        CmcServer.Refused(await server.SendAsync(carried, carrier), HttpStatusCode.Forbidden, 7, 1);
    }

    /// <summary>Ruling 32: a manufacturer's certificate asks for any name, unless bootstrap is off. Ruling 34: an RA may in either case, with all three marks.</summary>
    [Theory]
    [InlineData("factory", false)]
    [InlineData("weak-ra", false)]
    [InlineData("false-ra", false)]
    [InlineData("ra", true)]
    [Requirement("RFC 7030", "3.7", Level.May, "A client certificate with id-kp-cmcRA may mark a registration authority, which asks for others.")]
    [Requirement("RFC 6402", "2.10", Level.Must, "A registration authority has id-kp-cmcRA.")]
    public async Task Where_bootstrap_is_off_only_a_registration_authority_asks_for_others(string sender, bool may)
    {
        var message = await server.Peer.MakeAsync([.. AnyName, $"sign {sender}"]);
        var got = await server.SendAsync(message, sender, "closed/fullcmc");
        if (may)
        {
            CmcServer.Done(got);
        }
        else
        {
            CmcServer.Refused(got, HttpStatusCode.Forbidden, 7, 1);
        }
        CmcServer.Done(await server.SendAsync(message, sender));
    }

    /// <summary>Ruling 34: RA rights free from names, not from policy.</summary>
    [Fact]
    public async Task A_registration_authority_is_bound_by_the_labels_policy()
        => CmcServer.Refused(await server.AskAsync("ra", "key k ec384", "pkcs10 1 k CN=wrong-key"), HttpStatusCode.BadRequest, 0, 1);

    /// <summary>RFC 7030 section 3.5: what is bound to another connection is refused, where the sender is no RA.</summary>
    [Fact]
    [Requirement("RFC 7030", "3.5", Level.Must, "A challengePassword that is a tls-unique is that of this connection, or the request is refused.")]
    public async Task A_request_bound_to_another_connection_is_popFailed()
    {
        var bound = $"pkcs10 1 k CN=bound challenge={Convert.ToBase64String(new byte[32])}";
        CmcServer.Refused(await server.AskAsync("factory", "key k ec", bound), HttpStatusCode.BadRequest, 9, 1);
        CmcServer.Done(await server.AskAsync("ra", "key k ec", bound));
        CmcServer.Done(await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=bound challenge=anything"));
    }

    [Fact]
    public async Task What_waits_for_approval_is_pending_and_the_same_message_gets_the_certificate()
    {
        var message = await server.Peer.MakeAsync([.. AnyName, "sign factory"]);
        var (answer, reply) = await server.SendAsync(message, "factory", "manual/fullcmc");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal((3, true), (reply.Of(1).Status, reply.Of(1).IsPending));
        var waiting = (await server.Kipuka.AdminAsync(HttpMethod.Get, "requests")).Body!.Value.GetProperty("requests")[0];
        Assert.Equal("fullcmc", waiting.GetProperty("enrollment_type").GetString());
        await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{waiting.GetProperty("id").GetString()}/approve");
        CmcServer.Done(await server.SendAsync(message, "factory", "manual/fullcmc"));
    }

    /// <summary>Section 6.9 of RFC 5272.</summary>
    [Fact]
    [Requirement("RFC 5272", "6.9", Level.May, "A certificate may be fetched by issuer and serial number.")]
    public async Task A_certificate_can_be_fetched_by_issuer_and_serial()
    {
        var device = await server.DeviceAsync();
        var serial = server[device].SerialNumber;
        Assert.Equal(server[device].RawData, CmcServer.Done(await server.AskAsync("factory", $"getcert 1 {device} {serial}")).Issued.Single().RawData);
        CmcServer.Done(await server.AskAsync("factory", $"accept 1 {device} {serial}"), 0);
        CmcServer.Refused(await server.AskAsync("factory", $"getcert 1 {device} 0{serial}0"), HttpStatusCode.BadRequest, 4, 1);
        CmcServer.Refused(await server.AskAsync("factory", $"getcert 1 factory {serial}"), HttpStatusCode.BadRequest, 4, 1);
        CmcServer.Refused(await server.AskAsync("factory", $"accept 1 factory {serial}"), HttpStatusCode.BadRequest, 4, 1);
    }

    /// <summary>"Clients MUST provide the capability to produce a digitally signed Revocation Request control"; "A Full PKI Response MUST be returned" (6.11).</summary>
    [Fact]
    [Requirement("RFC 5272", "6.11", Level.Must, "A signed request for revocation is answered with a full response; nobody revokes certificates of others.")]
    public async Task A_device_revokes_its_own_certificate_and_no_other()
    {
        var (device, other) = (await server.DeviceAsync(), await server.DeviceAsync());
        CmcServer.Refused(await server.AskAsync(device, $"revoke 1 {other} {server[other].SerialNumber} 1"), HttpStatusCode.Forbidden, 7, 1);
        CmcServer.Refused(await server.AskAsync("factory", $"revoke 1 {other} {server[other].SerialNumber} 1 secret"), HttpStatusCode.Forbidden, 7, 1);
        CmcServer.Refused(await server.AskAsync(device, $"revoke 1 {device} {server[device].SerialNumber} 8"), HttpStatusCode.BadRequest, 2, 1);
        CmcServer.Done(await server.AskAsync(device, $"revoke 1 {device} {server[device].SerialNumber} 1"), 0);

        // Ruling 31: a revoked certificate is 403, as TLS client and as signer.
        Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync(await server.Peer.MakeAsync([.. AnyName, "sign factory"]), device)).Status);
        CmcServer.Refused(await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, $"sign {device}"]), "factory"), HttpStatusCode.Forbidden, 7, 0);
        var (_, shown, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"certs/{server[device].SerialNumber}");
        Assert.Equal("keyCompromise", shown!.Value.GetProperty("certificate").GetProperty("revocation_reason").GetString());
        CmcServer.Done(await server.AskAsync(other, "key k ec", $"pkcs10 1 k CN={other}"));
    }

    [Fact]
    public async Task A_device_replaces_and_revokes_its_certificate_in_one_message()
    {
        var device = await server.DeviceAsync();
        CmcServer.Done(await server.AskAsync(device, $"revoke 2 {device} {server[device].SerialNumber} 4", "key k ec", $"pkcs10 1 k CN={device}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync(await server.Peer.MakeAsync([.. AnyName, "sign factory"]), device)).Status);
    }

    [Fact]
    public async Task A_registration_authority_revokes_certificates_of_the_label_it_asks_at()
    {
        var (device, elsewhere) = (await server.DeviceAsync(), await server.DeviceAsync("closed/simpleenroll"));
        string Line(string name) => $"revoke 1 {name} {server[name].SerialNumber} 3";
        CmcServer.Refused(await server.AskAsync("weak-ra", Line(device)), HttpStatusCode.Forbidden, 7, 1);
        CmcServer.Refused(await server.AskAsync("ra", Line(elsewhere)), HttpStatusCode.BadRequest, 4, 1);
        CmcServer.Done(await server.AskAsync("ra", Line(device)), 0);
        CmcServer.Refused(await server.AskAsync("ra", Line(device)), HttpStatusCode.BadRequest, 2, 1);
        var there = await server.Peer.MakeAsync(Line(elsewhere), "sign ra");
        CmcServer.Done(await server.SendAsync(there, "ra", "closed/fullcmc"), 0);
    }
}
