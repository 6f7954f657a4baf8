using System.Net;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary>The published server on a real database server.</summary>
public abstract class DatabaseServerTests(DatabaseHostFixture hosts)
{
    protected DatabaseHost Host => hosts.Host;

    [Fact]
    public async Task A_device_enrolls_and_its_certificate_is_in_the_database()
    {
        var database = await Host.CreateDatabaseAsync();
        await using var server = await KipukaServer.StartAsync(new ServerSetup { DatabaseUrl = Host.Url(database) });
        using var certificate = await server.EnrollDeviceAsync("CN=device");
        Assert.Equal(
            certificate.SerialNumber.ToLowerInvariant(),
            await Host.SqlAsync(database, "SELECT serial FROM certificates"));
        var (_, health, _) = await server.AdminAsync(HttpMethod.Get, "health");
        Assert.Equal("healthy", health!.Value.GetProperty("database").GetProperty("status").GetString());
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain(Host.Password, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_certificate_is_checked_where_the_URL_says_so()
    {
        var database = await Host.CreateDatabaseAsync();
        if (Host is MariaHost)
        {
            // The driver of this build cannot be given a CA; it says so instead of believing everybody, or others.
            foreach (var asked in (string[])[$"sslmode=verify-full&sslrootcert={Host.CaFile}", $"sslmode=verify-ca&sslrootcert={Host.CaFile}", "sslmode=verify-ca"])
            {
                var refused = await MigrateAsync(database, asked, "localhost");
                Assert.Equal(1, refused.ExitCode);
                Assert.Contains("cannot check the server's certificate in this way", refused.Error, StringComparison.Ordinal);
            }
            Assert.Equal(0, (await MigrateAsync(database, "sslmode=require", "127.0.0.1")).ExitCode);
            return;
        }

        Assert.Equal(0, (await MigrateAsync(database, $"sslmode=verify-full&sslrootcert={Host.CaFile}", "localhost")).ExitCode);
        Assert.Equal(0, (await MigrateAsync(database, $"sslmode=verify-ca&sslrootcert={Host.CaFile}", "127.0.0.1")).ExitCode);
        // The certificate is for localhost.
        Assert.Equal(1, (await MigrateAsync(database, $"sslmode=verify-full&sslrootcert={Host.CaFile}", "127.0.0.1")).ExitCode);
        // The system knows no such CA.
        Assert.Equal(1, (await MigrateAsync(database, "sslmode=verify-full", "localhost")).ExitCode);
        Assert.Equal(0, (await MigrateAsync(database, "sslmode=require", "127.0.0.1")).ExitCode);
    }

    [Fact]
    public async Task The_servers_certificate_may_come_from_a_CA_of_the_system()
    {
        var database = await Host.CreateDatabaseAsync();
        using var stranger = new TestAuthority("Database CA");
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["stranger.pem"], stranger.CertificatePem);
        var mine = Environment(Host.CaFile);
        Assert.Equal(0, (await MigrateAsync(database, "sslmode=verify-full", "localhost", mine)).ExitCode);
        // One of the same name, with another key; none at all; and the right one, but another host's name.
        Assert.Equal(1, (await MigrateAsync(database, "sslmode=verify-full", "localhost", Environment(folder["stranger.pem"]))).ExitCode);
        Assert.Equal(1, (await MigrateAsync(database, "sslmode=verify-full", "localhost")).ExitCode);
        var named = await MigrateAsync(database, "sslmode=verify-full", "127.0.0.1", mine);
        Assert.Equal(1, named.ExitCode);
        if (Host is MariaHost)
        {
            Assert.Contains("its certificate is not for 127.0.0.1, or not from a CA", named.Error, StringComparison.Ordinal);
            // Somebody in between who says that the server has no TLS.
            await using var stripper = new TlsStripper(Host.Port);
            Assert.Equal(0, (await MigrateAsync(database, "sslmode=prefer", "localhost", mine, stripper.Port)).ExitCode);
            Assert.Equal(1, (await MigrateAsync(database, "sslmode=verify-full", "localhost", mine, stripper.Port)).ExitCode);
        }

        await using var server = await KipukaServer.StartAsync(
            new ServerSetup { DatabaseUrl = Host.Url(database, "sslmode=verify-full", "localhost"), Environment = mine });
        using var certificate = await server.EnrollDeviceAsync("CN=device");
    }

    [Fact]
    public async Task A_password_that_does_not_fit_is_said_without_being_shown()
    {
        var database = await Host.CreateDatabaseAsync();
        var refused = await KipukaAsync("migrate", Host.Url(database).Replace(Host.Password, "hunter2", StringComparison.Ordinal));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("127.0.0.1", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Error + refused.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await KipukaAsync("migrate", Host.Url(database))).ExitCode);
    }

    [Fact]
    public async Task While_the_database_is_away_requests_are_503_and_afterwards_all_is_as_before()
    {
        var database = await Host.CreateDatabaseAsync();
        await using var server = await KipukaServer.StartAsync(new ServerSetup { DatabaseUrl = Host.Url(database), Database = "connect_timeout = \"5s\"" });
        var password = await server.CreatePasswordAsync();
        using var csr = new Csr("CN=patient");
        await Host.KillAsync();
        JsonElement? health;
        try
        {
            var refused = await server.EnrollAsync(csr, password);
            Assert.True(refused.Status == HttpStatusCode.ServiceUnavailable, server.Log);
            Assert.NotNull(refused.Headers.RetryAfter);
            var listed = await server.AdminAsync(HttpMethod.Get, "certs");
            Assert.True(listed.Status == HttpStatusCode.ServiceUnavailable, server.Log);
            (_, health, _) = await server.AdminAsync(HttpMethod.Get, "health");
            Assert.Equal("unhealthy", health!.Value.GetProperty("database").GetProperty("status").GetString());
        }
        finally
        {
            await Host.StartAsync();
        }

        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, password)).Status);
        (_, health, _) = await server.AdminAsync(HttpMethod.Get, "health");
        Assert.Equal("healthy", health!.Value.GetProperty("database").GetProperty("status").GetString());
        Assert.Equal("1", await Host.SqlAsync(database, "SELECT COUNT(*) FROM certificates"));
    }

    [Fact]
    public async Task Connections_that_break_are_not_noticed_by_clients()
    {
        var database = await Host.CreateDatabaseAsync();
        await using var server = await KipukaServer.StartAsync(new ServerSetup { DatabaseUrl = Host.Url(database) });
        for (var i = 0; i < 3; i++)
        {
            using var certificate = await server.EnrollDeviceAsync($"CN=device-{i}");
            await Host.BreakConnectionsAsync();
        }
        using var last = await server.EnrollDeviceAsync("CN=last");
        Assert.Equal("4", await Host.SqlAsync(database, "SELECT COUNT(*) FROM certificates"));
    }

    [Fact]
    public async Task Two_processes_of_one_name_are_refused_and_two_of_different_names_are_not()
    {
        var database = await Host.CreateDatabaseAsync();
        var setup = new ServerSetup { DatabaseUrl = Host.Url(database), Server = "node = \"one\"", Database = "connect_timeout = \"5s\"" };
        await using var first = await KipukaServer.StartAsync(setup);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KipukaServer.StartAsync(setup));
        Assert.Contains("'one' is in use by another process", refused.Message, StringComparison.Ordinal);
        await using var second = await KipukaServer.StartAsync(setup with { Server = "node = \"two\"" });
        // A name is free as soon as its process is dead, however it died.
        await first.KillAsync();
        await first.StartProcessAsync();
    }

    private Task<Tool.Result> MigrateAsync(
        string database, string parameters, string host, IReadOnlyDictionary<string, string?>? environment = null, int? port = null)
        => KipukaAsync("migrate", Host.Url(database, parameters, host).Replace($":{Host.Port}/", $":{port ?? Host.Port}/", StringComparison.Ordinal), environment);

    private static async Task<Tool.Result> KipukaAsync(string command, string url, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["kipuka.toml"], $"[db]\nurl = \"{url}\"\n");
        return await Tool.RunAsync(Repository.Executable, [command, "--config", folder["kipuka.toml"]], environment: environment);
    }

    private static Dictionary<string, string?> Environment(string roots) => new() { ["SSL_CERT_FILE"] = roots };
}
