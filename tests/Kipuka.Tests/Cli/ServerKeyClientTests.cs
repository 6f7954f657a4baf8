using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Tests.Cli;

/// <summary><c>kipuka est serverkeygen</c> against servers that answer as the RFC's example, in other orders, or wrongly.</summary>
public sealed class ServerKeyClientTests : IDisposable
{
    private const string Pkcs8 = "application/pkcs8";
    private const string CertsOnlyType = "application/pkcs7-mime; smime-type=certs-only";

    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Answer_of_the_form_of_appendix_A4_is_kept()
    {
        await using var server = await StartAsync(made => (Pkcs8, made.Key), made => (CertsOnlyType, made.Certificates));
        var (code, _, error) = await RunAsync(server);
        Assert.True(code == 0, error);
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(cli.PathOf("dev.key")), 8));
        using var both = X509Certificate2.CreateFromPemFile(cli.PathOf("dev.pem"), cli.PathOf("dev.key"));
        Assert.Equal("CN=device-1", both.Subject);
        Assert.Equal(["data", "dev.key", "dev.pem"], Directory.GetFileSystemEntries(cli.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Certificate_may_come_first()
    {
        await using var server = await StartAsync(made => (CertsOnlyType, made.Certificates), made => (Pkcs8, made.Key));
        Assert.Equal(0, (await RunAsync(server)).Code);
    }

    [Fact]
    public async Task Key_in_the_clear_is_not_taken_where_an_encrypted_one_was_asked_for()
    {
        await using var server = await StartAsync(made => (Pkcs8, made.Key), made => (CertsOnlyType, made.Certificates));
        var (code, _, error) = await RunAsync(server, "--encrypted");
        Assert.Equal(1, code);
        Assert.Contains("in the clear", error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("dev.key")));
    }

    [Fact]
    public async Task Key_of_another_certificate_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await StartAsync(_ => (Pkcs8, other.ExportPkcs8PrivateKey()), made => (CertsOnlyType, made.Certificates));
        var (code, _, error) = await RunAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("not for the key", error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("dev.key")));
    }

    [Fact]
    public async Task Answer_without_a_key_is_refused()
    {
        await using var server = await StartAsync(made => (CertsOnlyType, made.Certificates), made => (CertsOnlyType, made.Certificates));
        var (code, _, error) = await RunAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("lacks a private key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Envelope_that_is_none_is_refused()
    {
        await using var server = await StartAsync(
            made => ("application/pkcs7-mime; smime-type=server-generated-key", made.Key), made => (CertsOnlyType, made.Certificates));
        var (code, _, error) = await RunAsync(server, "--encrypted");
        Assert.Equal(1, code);
        Assert.Contains("cannot be opened", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--decrypt-key", "kek")]
    [InlineData("--decrypt-key-id", "x")]
    public async Task Half_of_a_symmetric_key_is_a_usage_error(string option, string value)
    {
        var (code, _, error) = await cli.RunAsync(
            "est", "serverkeygen", "--url", "https://127.0.0.1:1", "--subject", "CN=x", "--out", "dev", option, value);
        Assert.Equal(2, code);
        Assert.Contains("belong together", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        cli.Write("dev.key", "mine");
        await using var server = await StartAsync(made => (Pkcs8, made.Key), made => (CertsOnlyType, made.Certificates));
        Assert.Equal(2, (await RunAsync(server)).Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(cli.PathOf("dev.key")));
        Assert.Empty(server.Requests);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(FakeServer server, params string[] more)
        => cli.RunAsync(["est", "serverkeygen", "--url", server.Url, "--cacert", server.CaFile, "--subject", "CN=device-1", "--out", "dev", .. more]);

    private Task<FakeServer> StartAsync(params Func<Made, (string Type, byte[] Body)>[] parts)
        => FakeServer.StartAsync(cli.PathOf("data"), (self, context) => context.Request.Path.Value!.EndsWith("/cacerts", StringComparison.Ordinal)
            ? self.SendCaAsync(context)
            : SendAsync(self, context, parts));

    // Spacing, preamble and epilogue are those of RFC 7030 appendix A.4.
    private static Task SendAsync(FakeServer self, HttpContext context, Func<Made, (string Type, byte[] Body)>[] parts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ca = self.Ca();
        using var caKey = ca.GetECDsaPrivateKey()!;
        var request = new CertificateRequest("CN=device-1", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(ca.SubjectName, X509SignatureGenerator.CreateForECDsa(caKey), now.AddMinutes(-1), now.AddDays(1), [1, 2, 3]);
        var made = new Made(key.ExportPkcs8PrivateKey(), CertsOnly.Encode([issued.RawData]));
        context.Response.ContentType = "multipart/mixed ; boundary=estServerExampleBoundary";
        var text = "This is the preamble.  It is to be ignored.\r\n" + string.Concat(parts.Select(part => part(made)).Select(part =>
            $"--estServerExampleBoundary\r\nContent-Type: {part.Type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(part.Body, Base64FormattingOptions.InsertLineBreaks) + "\r\n"));
        return context.Response.WriteAsync(text + "--estServerExampleBoundary--\r\nThis is the epilogue.  It is also to be ignored.\r\n");
    }

    private sealed record Made(byte[] Key, byte[] Certificates);
}
