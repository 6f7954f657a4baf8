using System.Net;

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
}
