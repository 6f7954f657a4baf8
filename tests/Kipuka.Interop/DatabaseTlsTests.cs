namespace Kipuka.Interop;

/// <summary>kipuka check tells of a database connection that somebody between the hosts could listen to, or answer.</summary>
public sealed class DatabaseTlsTests
{
    [Theory]
    [InlineData("postgres://kipuka:hunter2@db.example.com/kipuka", "sslmode=prefer")]
    [InlineData("postgres://kipuka:hunter2@db.example.com/kipuka?sslmode=disable", "is not encrypted")]
    [InlineData("mysql://kipuka:hunter2@192.0.2.7/kipuka?sslmode=require", "with whoever answers")]
    [InlineData("postgres://kipuka:hunter2@db.example.com/kipuka?sslmode=verify-ca", "whatever its name")]
    [InlineData("postgres://kipuka:hunter2@db.example.com/kipuka?sslmode=verify-full", null)]
    [InlineData("postgres://kipuka:hunter2@127.0.0.1/kipuka", null)]
    [InlineData("postgres://kipuka:hunter2@[::1]/kipuka?sslmode=disable", null)]
    [InlineData("mysql://kipuka:hunter2@localhost/kipuka?sslmode=disable", null)]
    public async Task A_database_on_another_host_without_verified_TLS_is_warned_of(string url, string? warning)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["kipuka.toml"], $"[db]\nurl = \"{url}\"\n");
        var output = (await Peer.KipukaAsync("check", "--json", "--config", folder["kipuka.toml"])).Output;
        Assert.Equal(warning is not null, output.Contains("insecure-database", StringComparison.Ordinal));
        Assert.Contains(warning ?? "[", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }
}
