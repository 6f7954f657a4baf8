using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Text.RegularExpressions;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 3.5, RFC 9266 and ruling 36: a challengePassword that is the connection's own value ties the request to it.</summary>
public sealed partial class ChannelBinding(EstServer server) : IClassFixture<EstServer>
{
    [Fact]
    [Requirement("RFC 7030", "3.5", Level.Must, "A challengePassword that is a tls-unique is that of this connection, or the request is refused.")]
    public async Task The_tls_unique_of_this_connection_is_accepted_over_TLS_1_2_and_that_of_another_is_400()
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12);
        await using var other = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12);
        var (own, foreign) = (Unique(wire), Unique(other));
        Assert.NotEqual(own, foreign);
        using var bound = new Csr("CN=bound", change: RawCsr.Challenge(own));
        using var stolen = new Csr("CN=bound", change: RawCsr.Challenge(foreign));
        var refused = await wire.AskAsync(KeepAlive(stolen));
        Assert.Equal(400, refused.Status);
        Assert.StartsWith("binding-mismatch", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await wire.AskAsync(KeepAlive(bound))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC 9266", "2", Level.Must, "Over TLS 1.3 the binding is 32 bytes of tls-exporter, made with the label EXPORTER-Channel-Binding and no context.")]
    public async Task The_tls_exporter_of_this_connection_is_accepted_over_TLS_1_3_and_another_value_is_400(bool own)
    {
        using var client = Process.Start(new ProcessStartInfo(
            "openssl", $"s_client -connect 127.0.0.1:{server.Kipuka.Port} -tls1_3 -ign_eof -keymatexport EXPORTER-Channel-Binding -keymatexportlen 32")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? value = null;
        while (value is null && await client.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            value = KeyingMaterial().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
        }
        var exporter = Convert.FromHexString(value!);
        exporter[0] ^= own ? (byte)0 : (byte)1;
        using var csr = new Csr("CN=exporter", change: RawCsr.Challenge(Convert.ToBase64String(exporter)));
        await client.StandardInput.WriteAsync(server.Post(csr));
        await client.StandardInput.FlushAsync(limit.Token);
        var answer = await client.StandardOutput.ReadToEndAsync(limit.Token);
        Assert.Contains(own ? "HTTP/1.1 200" : "HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task An_ordinary_challenge_password_means_nothing(SslProtocols protocol)
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, protocol);
        using var csr = new Csr("CN=ordinary", change: RawCsr.Challenge("an ordinary password"));
        Assert.Equal(200, (await wire.AskAsync(KeepAlive(csr))).Status);
    }

    [Fact]
    [Requirement("RFC 7030", "3.5", Level.May, "The server may demand that every request is linked to its connection.")]
    public async Task When_it_is_required_a_request_without_it_is_400()
    {
        await using var strict = await KipukaServer.StartAsync(new ServerSetup { Est = "channel_binding = \"required\"" });
        var password = await strict.CreatePasswordAsync();
        using var plain = new Csr("CN=plain");
        using var ordinary = new Csr("CN=plain", change: RawCsr.Challenge("an ordinary password"));
        Assert.Equal(HttpStatusCode.BadRequest, (await strict.EnrollAsync(plain, password)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await strict.EnrollAsync(ordinary, password)).Status);
        await using var wire = await Wire.ConnectAsync(strict, SslProtocols.Tls12);
        using var bound = new Csr("CN=plain", change: RawCsr.Challenge(Unique(wire)));
        Assert.Equal(200, (await wire.AskAsync(server.Post(bound).Replace(Basic.Of(server.Password), Basic.Of(password), StringComparison.Ordinal))).Status);
    }

    private string KeepAlive(Csr csr) => server.Post(csr).Replace("Connection: close\r\n", "", StringComparison.Ordinal);

    // .NET puts a SEC_CHANNEL_BINDINGS header of 32 bytes and the prefix "tls-unique:" before the value.
    internal static string Unique(Wire wire)
    {
        using var token = wire.Stream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique)!;
        var bytes = new byte[token.Size];
        Marshal.Copy(token.DangerousGetHandle(), bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes.AsSpan(32 + "tls-unique:".Length));
    }

    [GeneratedRegex(@"^\s*Keying material: ([0-9A-F]{64})")]
    private static partial Regex KeyingMaterial();
}
