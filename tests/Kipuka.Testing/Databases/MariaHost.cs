namespace Kipuka.Testing;

/// <summary>A MariaDB server of Debian's package, alone or a member of a Galera cluster.</summary>
public sealed class MariaHost : DatabaseHost
{
    private readonly GaleraMember? _member;

    private MariaHost(GaleraMember? member) => _member = member;

    public override string Engine => "mariadb";

    protected override string Scheme => "mysql";

    protected override string Account => "mysql";

    protected override string Program => "/usr/sbin/mariadbd";

    protected override string Package => "mariadb-server";

    public static async Task<MariaHost> CreateAndStartAsync(GaleraMember? member = null, string? password = null)
    {
        var host = password is null ? new MariaHost(member) : new MariaHost(member) { Password = password };
        await host.CreateAsync();
        if (member is { First: false })
        {
            // It has the accounts of the cluster that it joined.
            return host;
        }
        await host.RootSqlAsync($"CREATE USER kipuka@'%' IDENTIFIED BY '{host.Password}'; GRANT ALL ON *.* TO kipuka@'%'");
        return host;
    }

    public override Task<string> SqlAsync(string? database, string sql) => RootSqlAsync(sql, database);

    public override async Task BreakConnectionsAsync()
    {
        var connections = await SqlAsync(null, "SELECT id FROM information_schema.processlist WHERE user = 'kipuka'");
        foreach (var connection in connections.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // It may have ended by itself.
            await Tool.RunAsync("mariadb", [.. Login, "-e", $"KILL {connection}"]);
        }
    }

    protected override async Task InitializeAsync()
    {
        var made = await RunAsAsync(
            ["mariadb-install-db", "--no-defaults", $"--datadir={this["data"]}", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]);
        if (made.ExitCode != 0)
        {
            throw new InvalidOperationException($"mariadb-install-db: {made}");
        }
    }

    protected override string[] Server() =>
    [
        Program, "--no-defaults", $"--datadir={this["data"]}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={this["socket"]}",
        $"--pid-file={this["pid"]}", "--max-connections=200", "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=64M",
        "--skip-name-resolve", $"--ssl-cert={this["server.pem"]}", $"--ssl-key={this["server-key.pem"]}", "--character-set-server=latin1",
        .. _member?.Options ?? [],
    ];

    // A member answers before it is ready, to say that it is not.
    protected override async Task<bool> AnswersAsync() => _member is null
        ? (await Tool.RunAsync("mariadb-admin", ["--no-defaults", "-u", "root", $"--socket={this["socket"]}", "ping"])).ExitCode == 0
        : (await Tool.RunAsync("mariadb", [.. Login, "-e", "SHOW STATUS LIKE 'wsrep_ready'"])).Output.Contains("ON", StringComparison.Ordinal);

    private string[] Login => ["--no-defaults", "-u", "root", $"--socket={this["socket"]}", "-N", "-B"];

    private async Task<string> RootSqlAsync(string sql, string? database = null)
        => (await CheckedAsync("mariadb", [.. Login, .. database is null ? Array.Empty<string>() : ["-D", database], "-e", sql])).Trim();
}
