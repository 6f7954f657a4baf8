using System.Net;

namespace Kipuka.Conformance;

/// <summary><c>require_mtls = false</c> and <c>allow_unsigned = true</c>: what the message does not prove, TLS or HTTP must.</summary>
public sealed class FullCmcLoose(LooseCmcServer server) : IClassFixture<LooseCmcServer>
{
    private static readonly string[] AnyName = ["key k ec", "pkcs10 1 k CN=loose ski"];

    [Fact]
    public async Task The_signature_alone_is_enough()
    {
        CmcServer.Done(await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, "sign factory"]), null));
        CmcServer.Refused(await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, "sign stranger"]), null), HttpStatusCode.Unauthorized, 7, 0);
    }

    /// <summary>RFC 6402 section 2.9: the no-signature mechanism; RFC 5272 section 3.2: the request's own key. Neither names anybody.</summary>
    [Theory]
    [InlineData("type 1.3.6.1.5.5.7.12.2")]
    [InlineData("sign - none")]
    [InlineData("sign - bykey=k")]
    [Requirement("RFC 5272", "C.1", Level.May, "A message without signature may be taken where something else names the client.")]
    public async Task A_message_that_names_nobody_is_that_of_the_password_or_the_TLS_client(string how)
    {
        var message = await server.Peer.MakeAsync([.. AnyName, how]);
        var got = await server.SendAsync(message, null);
        CmcServer.Refused(got, HttpStatusCode.Unauthorized, 7, 0);
        Assert.NotEmpty(got.Answer.Headers.WwwAuthenticate);
        CmcServer.Refused(await server.SendAsync(message, null, password: "wrong"), HttpStatusCode.Unauthorized, 7, 0);
        CmcServer.Done(await server.SendAsync(message, null, password: await server.Kipuka.CreatePasswordAsync()));
        CmcServer.Done(await server.SendAsync(message, "factory"));
    }

    /// <summary>Each request is a transaction of its own: a password that is good for two certificates gets two.</summary>
    [Fact]
    public async Task A_password_is_used_once_for_each_request()
    {
        var message = await server.Peer.MakeAsync("key k ec", "pkcs10 1 k CN=use-1", "pkcs10 2 k CN=use-2", "pkcs10 3 k CN=use-3");
        var (answer, reply) = await server.SendAsync(message, null, password: await server.Kipuka.CreatePasswordAsync(maxUses: 2));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, reply.Issued.Count);
        Assert.Equal((2, 7), (reply.Of(3).Status, reply.Of(3).Failure!.Value));
    }

    [Fact]
    public async Task A_message_is_signed_or_says_that_it_is_not()
        => CmcServer.Refused(
            await server.SendAsync(await server.Peer.MakeAsync([.. AnyName, "sign factory", "sign - none"]), "factory"), HttpStatusCode.BadRequest, 1, 0);
}

/// <summary>A server that takes what the default does not.</summary>
public sealed class LooseCmcServer : CmcServer
{
    protected override string Cmc => "require_mtls = false\nallow_unsigned = true";
}
