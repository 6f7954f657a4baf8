using System.Security.Cryptography;
using System.Text;
using Kipuka.Config;

namespace Kipuka.Tests.Cli;

public sealed class InitTests : IDisposable
{
    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Init_makes_what_openssl_verifies()
    {
        await InitAsync();

        Assert.Equal(0, (await Tool.RunAsync("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", "127.0.0.1",
            "-CAfile", PathOf("ca.pem"), PathOf("server.pem"))).Code);
        var (_, server) = await Tool.RunAsync("openssl", "x509", "-in", PathOf("server.pem"), "-noout", "-text");
        Assert.Contains("TLS Web Server Authentication, CMC Registration Authority", server, StringComparison.Ordinal);
        Assert.Contains("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1", server, StringComparison.Ordinal);
        var (_, root) = await Tool.RunAsync("openssl", "x509", "-in", PathOf("ca.pem"), "-noout", "-text", "-nameopt", "show_type");
        Assert.Contains("CN=UTF8STRING:Kipuka Root CA", root, StringComparison.Ordinal);
        Assert.Matches("Basic Constraints: critical\n *CA:TRUE\n", root);
        Assert.Matches("Key Usage: critical\n *Certificate Sign, CRL Sign\n", root);
        Assert.Contains("Subject Key Identifier", root, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fingerprint_is_the_one_openssl_prints()
    {
        var output = await InitAsync();
        var (_, text) = await Tool.RunAsync("openssl", "x509", "-in", PathOf("ca.pem"), "-noout", "-fingerprint", "-sha256");
        Assert.Contains(text.Trim().Split('=')[1], output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca-key.pem", "600")]
    [InlineData("server-key.pem", "600")]
    [InlineData("admin.token", "600")]
    [InlineData("ca.pem", "644")]
    [InlineData(".", "700")]
    public async Task Secrets_are_readable_by_their_owner_only(string name, string mode)
    {
        await InitAsync();
        Assert.Equal(mode, Convert.ToString((int)File.GetUnixFileMode(PathOf(name)), 8));
    }

    [Fact]
    public async Task The_configuration_holds_the_token_as_a_hash_only()
    {
        var output = await InitAsync();
        var token = (await File.ReadAllTextAsync(PathOf("admin.token"))).Trim();
        var text = await File.ReadAllTextAsync(PathOf("kipuka.toml"));
        Assert.Contains($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)))}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_binds_and_its_ports_are_those_asked_for()
    {
        await InitAsync("--port", "10443");
        var problems = new ConfigProblems();
        var document = ConfigDocument.Load(PathOf("kipuka.toml"), problems)!;
        var core = CoreConfig.Bind(new SettingsBinder(document, problems, _ => null))!;
        Assert.False(problems.HasErrors, string.Join('\n', problems.All));
        Assert.Equal("127.0.0.1:10443", core.Server.Listen.ToString());
        Assert.Equal("127.0.0.1:11443", core.Server.AdminListen.ToString());
        Assert.Equal("default", Assert.Single(core.Authorities).Id);
        Assert.DoesNotContain("@", await File.ReadAllTextAsync(PathOf("kipuka.toml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_never_overwrites()
    {
        await InitAsync();
        var before = await File.ReadAllBytesAsync(PathOf("ca.pem"));
        var (code, _, error) = await cli.RunAsync("init", "--dir", "data");
        Assert.Equal(1, code);
        Assert.Contains("kipuka.toml exists already", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(PathOf("ca.pem")));
    }

    [Fact]
    public async Task One_file_in_the_way_stops_it_before_anything_is_made()
    {
        cli.Write("admin.token", "mine");
        var (code, _, error) = await cli.RunAsync("init", "--dir", ".");
        Assert.Equal(1, code);
        Assert.Contains("admin.token exists already", error, StringComparison.Ordinal);
        Assert.Equal([cli.PathOf("admin.token")], Directory.GetFiles(cli.Folder));
    }

    private string PathOf(string name) => Path.Combine(cli.Folder, "data", name);

    private async Task<string> InitAsync(params string[] more)
    {
        var (code, output, error) = await cli.RunAsync(["init", "--dir", "data", .. more]);
        Assert.True(code == 0, error);
        return output;
    }
}
