using System.Security.Authentication;
using System.Text.RegularExpressions;
using Kipuka.Plugins.TransportHttps.Tls;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Ruling 36: tls-unique (RFC 5929) over TLS 1.2, tls-exporter (RFC 9266) over TLS 1.3, as the client computes them.</summary>
public sealed partial class ChannelBindingTests
{
    private const string Enroll = "POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: application/pkcs10";
    private const string RawEnroll = "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\n"
        + "Content-Length: 4\r\nConnection: close\r\n\r\nMAAA";

    [Fact]
    public async Task Over_TLS_13_it_is_the_exporter_that_OpenSSL_computes()
    {
        await using var server = await TestServer.StartAsync();
        using var openssl = new OpenSsl();
        string Arguments(string session) => $"-tls1_3 -keymatexport EXPORTER-Channel-Binding -keymatexportlen 32 {session} {openssl.At("session")}";

        var first = await OpenSsl.ConnectAsync(server, Arguments("-sess_out"), RawEnroll);
        var resumed = await OpenSsl.ConnectAsync(server, Arguments("-sess_in"), RawEnroll);

        Assert.Contains("Reused, TLSv1.3", resumed, StringComparison.Ordinal);
        Assert.Equal(
            [KeyingMaterial().Match(first).Groups[1].Value, KeyingMaterial().Match(resumed).Groups[1].Value],
            server.Services.Requests.Select(request => Convert.ToHexString(request.Peer.ChannelBinding.Span)));
        Assert.All(server.Services.Requests, request => Assert.True(request.Peer.IsTls13));
    }

    [Fact]
    public async Task Over_TLS_12_it_is_the_first_Finished_which_is_the_servers_in_a_resumed_session()
    {
        await using var server = await TestServer.StartAsync();
        using var openssl = new OpenSsl();

        var first = await OpenSsl.ConnectAsync(server, $"-tls1_2 -msg -sess_out {openssl.At("session")}", RawEnroll);
        var resumed = await OpenSsl.ConnectAsync(server, $"-tls1_2 -msg -sess_in {openssl.At("session")}", RawEnroll);

        Assert.Contains("Reused, TLSv1.2", resumed, StringComparison.Ordinal);
        Assert.StartsWith(">>>", FirstFinished().Match(first).Value, StringComparison.Ordinal);
        Assert.StartsWith("<<<", FirstFinished().Match(resumed).Value, StringComparison.Ordinal);
        Assert.Equal([Finished(first), Finished(resumed)], server.Services.Requests.Select(request => Convert.ToHexString(request.Peer.ChannelBinding.Span)));
        Assert.All(server.Services.Requests, request => Assert.False(request.Peer.IsTls13));
    }

    [Fact]
    public async Task A_client_on_the_same_platform_sees_the_same_value_for_every_request_of_a_connection()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync(options => options.EnabledSslProtocols = SslProtocols.Tls13);

        await client.AskAsync(Enroll, "MAAA"u8.ToArray());
        await client.AskAsync(Enroll, "MAAA"u8.ToArray());

        var theirs = new byte[32];
        Assert.True(Libssl.Export(client.Tls, "EXPORTER-Channel-Binding"u8, theirs));
        Assert.All(server.Services.Requests, request => Assert.Equal(theirs, request.Peer.ChannelBinding.ToArray()));
    }

    [Fact]
    public async Task Reads_do_not_pay_for_a_binding_that_nobody_uses()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(200, (await server.AskAsync("GET /.well-known/est/csrattrs HTTP/1.1")).Status);
        Assert.True(server.Services.Requests.Single().Peer.ChannelBinding.IsEmpty);
    }

    private static string Finished(string output) => FirstFinished().Match(output).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex(@"Keying material: ([0-9A-F]{64})")]
    private static partial Regex KeyingMaterial();

    // 14 00 00 0c, the message's type and length, then verify_data.
    [GeneratedRegex(@"(?:>>>|<<<) TLS 1.2, Handshake \[length 0010\], Finished\s+14 00 00 0c ((?:[0-9a-f]{2} ?){12})")]
    private static partial Regex FirstFinished();
}
