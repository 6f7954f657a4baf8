using System.Net;
using System.Text.Json;

namespace Kipuka.Interop;

public sealed class PostgresAuditTests(PostgresFixture hosts) : DatabaseAuditTests(hosts), IClassFixture<PostgresFixture>
{
    protected override string DropGuard => "DROP TRIGGER audit_log_no_update ON audit_log";

    // The owner could drop the guards; as long as they stand, nothing goes.
    protected override IReadOnlyList<string> Refused => ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log", "TRUNCATE audit_anchors"];

    protected override string Connections(string database) => $"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name LIKE 'kipuka %'";
}

public sealed class MariaAuditTests(MariaFixture hosts) : DatabaseAuditTests(hosts), IClassFixture<MariaFixture>
{
    protected override string DropGuard => "DROP TRIGGER audit_log_no_update";

    protected override IReadOnlyList<string> Refused => ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "UPDATE audit_anchors SET number = 7"];

    protected override string Connections(string database) => $"SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{database}' AND user = 'kipuka'";
}

/// <summary>The journal, and a device's whole life, on a database server, as an operator sees them.</summary>
public abstract class DatabaseAuditTests(DatabaseHostFixture hosts)
{
    private DatabaseHost Host => hosts.Host;

    protected abstract string DropGuard { get; }

    protected abstract IReadOnlyList<string> Refused { get; }

    protected abstract string Connections(string database);

    [Fact]
    public async Task The_journal_is_queried_exported_proven_and_archived_and_tampering_is_found()
    {
        var database = await Host.CreateDatabaseAsync();
        var setup = await SetupAsync(database);
        await using var first = await KipukaServer.StartAsync(setup with { Server = "node = \"one\"" });
        await using (var gone = await KipukaServer.StartAsync(setup with { Server = "node = \"gone\"" }))
        {
            using var certificate = await gone.EnrollDeviceAsync("CN=device");
            Assert.Equal(0, await gone.StopAsync());
        }

        var query = await RunAsync(first, "audit", "query", "--event", "cert.issued", "--json");
        Assert.Equal("gone", JsonDocument.Parse(query.Output).RootElement.GetProperty("events").EnumerateArray().Single().GetProperty("node").GetString());
        var export = Path.Combine(first.Folder, "export.jsonl");
        Assert.Equal(0, (await RunAsync(first, "audit", "export", "--out", export)).ExitCode);
        var file = await Tool.RunAsync(
            Repository.Executable, ["audit", "verify", "--file", export, "--public-key", Path.Combine(first.Folder, "audit-key.pub.pem")]);
        Assert.True(file.ExitCode == 0, file.ToString());
        // Beside the servers that run, and as they say themselves.
        Assert.Equal((true, null, null), await VerifyAsync(first));
        Assert.Equal((true, null, null), await VerifyAsync(first, "--offline"));

        // The chain of the node that is gone leaves too; its newest record stays.
        var archived = await RunAsync(first, "audit", "archive", "--json", "--before", DateTimeOffset.UtcNow.ToString("O"));
        Assert.True(archived.ExitCode == 0, archived.ToString());
        Assert.Equal(
            ["gone", "one"],
            JsonDocument.Parse(archived.Output).RootElement.GetProperty("archives").EnumerateArray().Select(one => one.GetProperty("node").GetString()).Order());
        Assert.Equal("1", await Host.SqlAsync(database, "SELECT COUNT(*) FROM audit_log WHERE node = 'gone'"));
        await using var again = await KipukaServer.StartAsync(setup with { Server = "node = \"gone\"" });
        Assert.Equal((true, null, null), await VerifyAsync(first, "--offline"));

        foreach (var sql in Refused)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => Host.SqlAsync(database, sql));
        }
        await again.StopAsync();
        Assert.Equal((true, null, null), await VerifyAsync(first, "--offline"));
        var bad = long.Parse(await Host.SqlAsync(database, "SELECT MAX(sequence) FROM audit_log WHERE node = 'gone'"), System.Globalization.CultureInfo.InvariantCulture);
        await Host.SqlAsync(database, $"{DropGuard}; UPDATE audit_log SET actor = 'nobody' WHERE node = 'gone' AND sequence = {bad}");
        Assert.Equal((false, "gone", bad), await VerifyAsync(first, "--offline"));
        Assert.Equal((false, "gone", bad), await VerifyAsync(first));
    }

    [Fact]
    public async Task A_device_enrolls_is_revoked_and_all_is_in_the_audit_list_with_a_single_connection()
    {
        var database = await Host.CreateDatabaseAsync();
        await using var server = await KipukaServer.StartAsync(new ServerSetup { DatabaseUrl = Host.Url(database), Database = "max_connections = 1" });
        var password = await server.CreatePasswordAsync("device-7", maxUses: 1);
        using var csr = new Csr("CN=device-7");
        var answer = await server.EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        using var other = new Csr("CN=device-8");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.EnrollAsync(other, password)).Status);
        var path = $"certs/{answer.Certificate.SerialNumber.ToLowerInvariant()}/revoke";
        var (status, _, text) = await server.AdminAsync(HttpMethod.Post, path, new { reason = "keyCompromise" });
        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal("1", await Host.SqlAsync(database, Connections(database)));

        var (_, list, _) = await server.AdminAsync(HttpMethod.Get, "audit?event=otp.created,otp.used,cert.issued,cert.revoked");
        Assert.Equal(
            ["cert.issued", "cert.revoked", "otp.created", "otp.used"],
            list!.Value.GetProperty("events").EnumerateArray().Select(record => record.GetProperty("event_type").GetString()).Order(StringComparer.Ordinal));
        var (_, failed, _) = await server.AdminAsync(HttpMethod.Get, "audit?outcome=failure");
        Assert.True(failed!.Value.GetProperty("total").GetInt64() > 0);
    }

    [Fact]
    public async Task A_node_that_is_older_than_the_database_does_not_start_and_says_why()
    {
        var database = await Host.CreateDatabaseAsync();
        var setup = new ServerSetup { DatabaseUrl = Host.Url(database) };
        await using (var server = await KipukaServer.StartAsync(setup))
        {
            await server.StopAsync();
        }
        await Host.SqlAsync(database, "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (9000, '9000_add_tomorrow', 'x', 0)");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KipukaServer.StartAsync(setup));
        Assert.Contains("The database is newer than this program: it has migration 9000_add_tomorrow", refused.Message, StringComparison.Ordinal);
        await Host.SqlAsync(database, "DELETE FROM schema_migrations WHERE number = 9000");
        await using var older = await KipukaServer.StartAsync(setup);
    }

    private async Task<ServerSetup> SetupAsync(string database)
    {
        using var folder = new ScratchFolder();
        var made = await Tool.RunAsync(Repository.Executable, ["audit", "key", "--out", folder["audit-key.pem"]]);
        Assert.True(made.ExitCode == 0, made.ToString());
        return new ServerSetup
        {
            DatabaseUrl = Host.Url(database),
            More = "[audit]\nanchor_key = \"audit-key.pem\"\narchive_directory = \".\"\n",
            Files = new Dictionary<string, string>
            {
                ["audit-key.pem"] = await File.ReadAllTextAsync(folder["audit-key.pem"]),
                ["audit-key.pub.pem"] = await File.ReadAllTextAsync(folder["audit-key.pub.pem"]),
            },
        };
    }

    private static Task<Tool.Result> RunAsync(KipukaServer server, params string[] arguments) => Tool.RunAsync(
        Repository.Executable, [.. arguments, "--config", server.ConfigFile], server.Folder,
        new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = server.AdminToken });

    private static async Task<(bool Intact, string? Node, long? Sequence)> VerifyAsync(KipukaServer server, params string[] options)
    {
        var run = await RunAsync(server, ["audit", "verify", "--json", .. options]);
        Assert.True(run.Output.Length > 0, run.ToString());
        var proof = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(proof.GetProperty("intact").GetBoolean(), run.ExitCode == 0);
        Assert.True(proof.GetProperty("signatures_checked").GetBoolean());
        var sequence = proof.GetProperty("sequence");
        return (
            proof.GetProperty("intact").GetBoolean(), proof.GetProperty("node").GetString(),
            sequence.ValueKind == JsonValueKind.Number ? sequence.GetInt64() : null);
    }
}
