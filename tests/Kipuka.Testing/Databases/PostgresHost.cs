namespace Kipuka.Testing;

/// <summary>A PostgreSQL server of Debian's package.</summary>
public sealed class PostgresHost : DatabaseHost
{
    private PostgresHost()
    {
    }

    public override string Engine => "postgres";

    protected override string Scheme => "postgres";

    protected override string Account => "postgres";

    protected override string Program => Binary("postgres");

    protected override string Package => "postgresql";

    public static async Task<PostgresHost> CreateAndStartAsync()
    {
        var host = new PostgresHost();
        await host.CreateAsync();
        return host;
    }

    public override async Task<string> SqlAsync(string? database, string sql) => (await CheckedAsync(
        Binary("psql"),
        ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "kipuka", "-d", database ?? "postgres", "-c", sql],
        new Dictionary<string, string?> { ["PGPASSWORD"] = Password })).Trim();

    public override Task BreakConnectionsAsync()
        => SqlAsync(null, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");

    protected override async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(this["password"], Password);
        // The texts' order must not depend on the database's collation: this one has another than the bytes'.
        var made = await RunAsAsync(
            [Binary("initdb"), "-D", this["data"], "-U", "kipuka", "--auth=scram-sha-256", "--pwfile", this["password"], "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
        if (made.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb: {made}");
        }
    }

    protected override string[] Server() =>
    [
        Binary("postgres"), "-D", this["data"], "-p", $"{Port}", "-k", "", "-c", "listen_addresses=127.0.0.1,::1", "-c", "max_connections=200",
        "-c", "fsync=off", "-c", "ssl=on", "-c", $"ssl_cert_file={this["server.pem"]}", "-c", $"ssl_key_file={this["server-key.pem"]}",
        "-c", "shared_buffers=64MB", "-c", "autovacuum=off",
    ];

    protected override async Task<bool> AnswersAsync()
        => (await Tool.RunAsync(Binary("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{Port}"])).ExitCode == 0;

    // Debian keeps them beside each other, a folder a version.
    private static string Binary(string name) => Directory.Exists("/usr/lib/postgresql")
        ? Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last(), "bin", name)
        : Path.Combine("/usr/bin", name);
}
