using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary><c>kipuka cert</c> and <c>kipuka ca</c>: what the admin API does for people without a browser.</summary>
public sealed class CertCommand(CertCommand.Server server) : IClassFixture<CertCommand.Server>
{
    public sealed class Server : EstServer
    {
        private readonly TestAuthority _other = new("Other CA");

        protected override ServerSetup Setup => new()
        {
            Files = new Dictionary<string, string> { ["other.pem"] = _other.CertificatePem, ["other-key.pem"] = _other.KeyPem },
            More = "[[ca]]\nid = \"other\"\nname = \"The other one\"\nlabel = \"other\"\ncert = \"other.pem\"\nkey = \"other-key.pem\"\n",
        };
    }

    [Fact]
    public async Task A_certificate_is_listed_shown_and_revoked_once()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=listed,O=Acme", ["listed.example"]);
        var serial = device.SerialNumber.ToLowerInvariant();
        var list = await CertAsync("list", "--subject", "listed", "--status", "active", "--ca", "default", "--table");
        Assert.Matches($"(?m)^SERIAL +STATUS +SUBJECT.*\n{serial} +active +O=Acme,CN=listed .*\nPage 1: 1 of 1 certificates\\.$", Passed(list));

        var shown = Passed(await CertAsync("show", device.SerialNumber, "--table"));
        Assert.Contains("-----BEGIN CERTIFICATE-----\n", shown, StringComparison.Ordinal);
        Assert.Matches("subject_alt_names: +DNS:listed.example", shown);
        Assert.Contains("cert.issued", shown, StringComparison.Ordinal);

        Assert.Equal("keyCompromise", Json(await CertAsync("revoke", serial, "--reason", "keyCompromise")).GetProperty("revocation_reason").GetString());
        var again = await CertAsync("revoke", serial);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"409 Conflict: the certificate {serial} is revoked already", again.Error, StringComparison.Ordinal);
        Assert.Contains("cert.revoked", Passed(await CertAsync("show", serial, "--table")), StringComparison.Ordinal);
        Assert.Equal(1, Json(await CertAsync("list", "--status", "revoked", "--subject", "listed")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task All_pages_are_walked_and_each_certificate_is_there_once()
    {
        for (var i = 0; i < 5; i++)
        {
            using var device = await server.Kipuka.EnrollDeviceAsync($"CN=paged-{i}");
        }
        var page = Json(await CertAsync("list", "--subject", "paged-", "--per-page", "2", "--page", "3"));
        Assert.Single(page.GetProperty("certificates").EnumerateArray());
        var all = Json(await CertAsync("list", "--subject", "paged-", "--per-page", "2", "--all"));
        Assert.Equal(5, all.GetProperty("total").GetInt32());
        Assert.Equal(
            ["CN=paged-0", "CN=paged-1", "CN=paged-2", "CN=paged-3", "CN=paged-4"],
            all.GetProperty("certificates").EnumerateArray().Select(certificate => certificate.GetProperty("subject").GetString()).Order(StringComparer.Ordinal));
        Assert.EndsWith("5 certificates.\n", Passed(await CertAsync("list", "--subject", "paged-", "--all", "--table")), StringComparison.Ordinal);
        var both = await CertAsync("list", "--all", "--page", "2");
        Assert.Equal(2, both.ExitCode);
        // Nobody looks at a pipe: there is no progress in it.
        Assert.Equal("kipuka: give --page or --all, not both\n", both.Error);
    }

    [Theory]
    [InlineData("show", "0102", 1, "404 Not Found: there is no certificate with the serial number 0102")]
    [InlineData("revoke", "0102", 1, "404 Not Found: there is no certificate with the serial number 0102")]
    [InlineData("show", "not-hex", 2, "not-hex is no serial number; write it in hex")]
    [InlineData("revoke", "not-hex", 2, "not-hex is no serial number; write it in hex")]
    public async Task A_serial_number_that_there_is_not_is_an_error(string verb, string serial, int code, string reason)
    {
        var run = await CertAsync(verb, serial);
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_wrong_token_and_a_server_that_is_away_are_told()
    {
        var wrong = await RunAsync("wrong", "cert", "list");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("401 Unauthorized: an operator's credential is required", wrong.Error, StringComparison.Ordinal);
        var away = await CertAsync("list", "--admin-url", $"https://127.0.0.1:{FreePorts.Next()}");
        Assert.Equal(1, away.ExitCode);
        Assert.Contains("no connection to 127.0.0.1", away.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CertAsync("list")).ExitCode);
    }

    [Fact]
    public async Task The_CAs_are_listed_and_shown()
    {
        var list = Passed(await RunAsync(server.Kipuka.AdminToken, "ca", "list", "--table"));
        Assert.Matches("(?m)^ID +NAME +TYPE +STATUS +LABEL", list);
        Assert.Matches("(?m)^other +The other one +file +healthy +other ", list);
        Assert.Equal(2, Json(await RunAsync(server.Kipuka.AdminToken, "ca", "list")).GetArrayLength());
        Assert.Equal("other", Json(await RunAsync(server.Kipuka.AdminToken, "ca", "show", "other")).GetProperty("id").GetString());
        Assert.Contains("certificate_chain:\n", Passed(await RunAsync(server.Kipuka.AdminToken, "ca", "show", "other", "--table")), StringComparison.Ordinal);
        Assert.Equal(server.Kipuka.Authority.CertificatePem.Trim(), Passed(await RunAsync(server.Kipuka.AdminToken, "ca", "chain", "default")).Trim());
        var nobody = await RunAsync(server.Kipuka.AdminToken, "ca", "show", "nobody");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("there is no CA 'nobody'", nobody.Error, StringComparison.Ordinal);
    }

    private static string Passed(Tool.Result run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.Error);
        return run.Output;
    }

    private static JsonElement Json(Tool.Result run) => JsonDocument.Parse(Passed(run)).RootElement;

    private Task<Tool.Result> CertAsync(params string[] arguments) => RunAsync(server.Kipuka.AdminToken, ["cert", .. arguments]);

    private Task<Tool.Result> RunAsync(string token, params string[] arguments) => Tool.RunAsync(
        Repository.Executable, [.. arguments, "--config", "kipuka.toml"], server.Kipuka.Folder, new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = token });
}
