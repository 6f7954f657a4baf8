using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthGssapi;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthGssapi;

/// <summary>RFC 4559: what is no acceptable token is 401 and never a fault, and what waits for a next step is bounded.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task Without_a_Negotiate_credential_the_scheme_is_offered()
    {
        await using var gssapi = await Gssapi.StartAsync();
        Assert.Equal(new AuthenticationResult.NotMine("Negotiate"), await gssapi.SendTextAsync("OnB3", scheme: "Basic"));
    }

    [Fact]
    public async Task Switched_off_it_offers_nothing()
    {
        await using var gssapi = await Gssapi.StartAsync();
        await using var off = await new GssapiPlugin().StartAsync(new GssapiSettings { Enabled = false }, gssapi.Host, default);
        var peer = new Sdk.Transport.Peer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), []);
        Assert.Equal(new AuthenticationResult.NotMine(), await off.AuthenticateAsync(new(Sdk.Transport.EstOperation.SimpleEnroll, null, peer), default));
    }

    [Theory]
    [InlineData("", "has no token")]
    [InlineData("*", "not base64")]
    [InlineData("YQ", "not base64")]
    [InlineData("TlRMTVNTUAABAAAA", "NTLM")]
    [InlineData("oQMKAQA=", "no exchange")]
    public async Task What_is_no_token_is_rejected_with_the_reason(string value, string reason)
    {
        await using var gssapi = await Gssapi.StartAsync();
        Assert.Contains(reason, Rejected(await gssapi.SendTextAsync(value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_have_64_KiB_at_most()
    {
        await using var gssapi = await Gssapi.StartAsync();
        byte[] largest = [0x60, .. new byte[NegotiateToken.Longest - 1]];
        Assert.DoesNotContain("larger", Rejected(await gssapi.SendAsync(largest)), StringComparison.Ordinal);
        Assert.Contains("larger than 64 KiB", Rejected(await gssapi.SendAsync([.. largest, 0, 0, 0])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_bytes_are_a_fault()
    {
        await using var gssapi = await Gssapi.StartAsync();
        var bytes = ArbMap.Default.ArbFor<byte[]>().Generator;
        var damaged = bytes.Select(junk => Gssapi.Offer[..(junk.Length % Gssapi.Offer.Length)].Concat(junk).ToArray());
        var framed = bytes.Select(junk => (byte[])[0x60, (byte)Math.Min(junk.Length, 127), .. junk]);
        Prop.ForAll(Gen.OneOf(bytes, damaged, framed).ToArbitrary(), token => gssapi.SendAsync(token).AsTask().GetAwaiter().GetResult() is
            AuthenticationResult.Rejected { Forbidden: false, Challenge: "Negotiate" } or AuthenticationResult.Continue).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task An_offer_without_a_ticket_takes_a_further_step()
    {
        await using var gssapi = await Gssapi.StartAsync();
        var challenge = Assert.IsType<AuthenticationResult.Continue>(await gssapi.SendAsync(Gssapi.Offer)).Challenge;
        Assert.StartsWith("Negotiate ", challenge, StringComparison.Ordinal);
        Assert.NotEmpty(Convert.FromBase64String(challenge["Negotiate ".Length..]));
    }

    [Fact]
    public async Task Where_a_transport_has_no_connections_there_is_no_further_step()
    {
        await using var gssapi = await Gssapi.StartAsync();
        Assert.Contains("more steps", Rejected(await gssapi.SendAsync(Gssapi.Offer, connection: 0)), StringComparison.Ordinal);
    }

    // An empty NegTokenResp: too little for the library, but it reaches the exchange if there is one.
    [Fact]
    public async Task A_step_that_comes_after_thirty_seconds_is_too_late()
    {
        await using var gssapi = await Gssapi.StartAsync();
        byte[] reply = [0xa1, 0x02, 0x30, 0x00];
        await gssapi.SendAsync(Gssapi.Offer);
        gssapi.Host.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.DoesNotContain("too late", Rejected(await gssapi.SendAsync(reply)), StringComparison.Ordinal);
        await gssapi.SendAsync(Gssapi.Offer);
        gssapi.Host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("too late", Rejected(await gssapi.SendAsync(reply)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_step_leaves_nothing()
    {
        await using var gssapi = await Gssapi.StartAsync();
        byte[] reply = [0xa1, 0x02, 0x30, 0x00];
        await gssapi.SendAsync(Gssapi.Offer);
        Rejected(await gssapi.SendAsync(reply));
        Assert.Contains("no exchange", Rejected(await gssapi.SendAsync(reply)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_many_exchanges_wait_at_most_and_time_makes_room()
    {
        await using var gssapi = await Gssapi.StartAsync();
        for (var connection = 1; connection <= Exchanges.Capacity; connection++)
        {
            Assert.IsType<AuthenticationResult.Continue>(await gssapi.SendAsync(Gssapi.Offer, connection));
        }
        Assert.IsType<AuthenticationResult.Overloaded>(await gssapi.SendAsync(Gssapi.Offer, Exchanges.Capacity + 1));
        gssapi.Host.Time.Advance(Exchanges.Patience);
        Assert.IsType<AuthenticationResult.Continue>(await gssapi.SendAsync(Gssapi.Offer, Exchanges.Capacity + 1));
    }

    [Fact]
    public async Task Beginning_again_takes_no_second_place()
    {
        await using var gssapi = await Gssapi.StartAsync();
        for (var turn = 0; turn < Exchanges.Capacity + 10; turn++)
        {
            Assert.IsType<AuthenticationResult.Continue>(await gssapi.SendAsync(Gssapi.Offer));
        }
    }

    [Fact]
    public async Task Connections_do_not_wait_for_each_other()
    {
        await using var gssapi = await Gssapi.StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(1, 200).Select(connection => Task.Run(() => gssapi.SendAsync(Gssapi.Offer, connection).AsTask())));
        Assert.All(results, result => Assert.IsType<AuthenticationResult.Continue>(result));
    }

    private static string Rejected(AuthenticationResult result)
    {
        var rejected = Assert.IsType<AuthenticationResult.Rejected>(result);
        Assert.Equal((false, "Negotiate"), (rejected.Forbidden, rejected.Challenge));
        return rejected.Reason;
    }
}
