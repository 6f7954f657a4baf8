using System.Net.Sockets;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 3.3: everything is said inside TLS, and the TLS is worth the name.</summary>
public sealed class Rfc7030Tls(EstServer server) : IClassFixture<EstServer>
{
    private const string Request = "GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    [Fact]
    [Requirement("RFC 7030", "3.3", Level.Must, "Nothing is answered outside TLS.")]
    [Requirement("NIAP CA PP", "FTP_TRP.1", Level.Must, "Users are served over TLS only.")]
    public async Task HTTP_without_TLS_gets_no_answer()
    {
        using var plain = new TcpClient();
        await plain.ConnectAsync("127.0.0.1", server.Kipuka.Port);
        await plain.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Request));
        using var received = new MemoryStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // A connection that is reset has ended as well.
        await Record.ExceptionAsync(() => plain.GetStream().CopyToAsync(received, limit.Token));
        Assert.False(limit.IsCancellationRequested, "The server kept a connection without TLS.");
        Assert.DoesNotContain("HTTP/", Encoding.Latin1.GetString(received.ToArray()), StringComparison.Ordinal);
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, Request)).Status);
    }

    [Theory]
    [InlineData("eNULL")]
    [InlineData("aNULL")]
    [InlineData("PSK")]
    [Requirement("RFC 7030", "3.2.3", Level.Must, "Cipher suites without encryption or without authentication are not negotiated.")]
    [Requirement("NIAP CA PP", "FCS_TLSS_EXT.1", Level.Must, "No suite without encryption or authentication is negotiated.")]
    public async Task Suites_that_hide_nothing_or_prove_nothing_are_refused(string suites)
    {
        var refused = await OpenSslAsync("-tls1_2", "-cipher", $"{suites}:@SECLEVEL=0", "-psk", "00");
        Assert.Contains("alert handshake failure", refused.Error, StringComparison.Ordinal);
        var taken = await OpenSslAsync("-tls1_2", "-cipher", "ALL:@SECLEVEL=0", "-psk", "00");
        Assert.Matches("Cipher is ECDHE-.*(GCM|POLY1305)", taken.Output);
    }

    [Fact]
    [Requirement("RFC 7030", "3.3.1", Level.Must, "The server proves by its certificate to be the one that is named.")]
    public async Task The_server_shows_a_certificate_for_its_name()
    {
        string[] verify = ["-CAfile", server.Kipuka.CaFile, "-verify_return_error", "-verify_hostname"];
        Assert.Contains("Verification: OK", (await OpenSslAsync([.. verify, "localhost"])).Output, StringComparison.Ordinal);
        Assert.Contains("hostname mismatch", (await OpenSslAsync([.. verify, "other.example"])).Error, StringComparison.OrdinalIgnoreCase);
    }

    private Task<Tool.Result> OpenSslAsync(params string[] arguments)
        => Tool.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{server.Kipuka.Port}", .. arguments]);
}
