using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>A Galera cluster of two MariaDB servers, and four nodes spread over it: what holds on one server holds on the cluster.</summary>
public sealed class GaleraTests(GaleraCluster cluster) : ClusterSuite, IClassFixture<GaleraCluster>
{
    protected override IReadOnlyList<KipukaServer> Servers => cluster.Servers;

    [Fact]
    public async Task What_one_member_has_committed_the_nodes_of_another_that_lags_behind_know()
    {
        // Nothing of the other member's is applied for a second: what was not waited for is not seen.
        var lag = cluster.Host.Second.SqlAsync(null, "FLUSH TABLES WITH READ LOCK; SELECT SLEEP(2)");
        while (await cluster.Host.Second.SqlAsync(null, "SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(2)'") == "0")
        {
            Assert.False(lag.IsCompleted);
        }
        var password = await cluster.Servers[0].CreatePasswordAsync();
        using var csr = new Csr("CN=hasty");
        var asked = cluster.Servers[1].EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.OK, (await asked).Status);
        await lag;
    }

    [Fact]
    public async Task A_node_name_in_use_at_one_member_is_refused_at_the_other()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KipukaServer.StartAsync(cluster.Setup(number: 1, cluster.Host.Second)));
        Assert.Contains("'node-1' is in use by another process", refused.Message, StringComparison.Ordinal);
        using var certificate = await cluster.Servers[0].EnrollDeviceAsync("CN=undisturbed");
        // A name that was given back is free at once, wherever it was in use.
        await using (var first = await KipukaServer.StartAsync(cluster.Setup(number: 9, cluster.Host.First)))
        {
            Assert.Equal(0, await first.StopAsync());
        }
        await using var second = await KipukaServer.StartAsync(cluster.Setup(number: 9, cluster.Host.Second));
    }

    [Fact]
    public async Task Processes_that_migrate_an_empty_database_through_different_members_at_once_all_succeed()
    {
        var database = await cluster.Host.First.CreateDatabaseAsync();
        using var folder = new ScratchFolder();
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            var host = number % 2 == 0 ? cluster.Host.First : cluster.Host.Second;
            await File.WriteAllTextAsync(folder[$"{number}.toml"], $"[db]\nurl = \"{host.Url(database)}\"\n");
            return await Peer.KipukaAsync("migrate", "--config", folder[$"{number}.toml"]);
        }));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.ToString()));
        // Each once, and by one of them, so that no step of one came after a later step of another.
        Assert.Single(runs, run => run.Output.Contains("0001_initial_schema", StringComparison.Ordinal));
        Assert.Contains(
            "audit_archives",
            await cluster.Host.Second.SqlAsync(
                null, $"SELECT action_statement FROM information_schema.triggers WHERE trigger_schema = '{database}' AND trigger_name = 'audit_log_no_delete'"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_member_and_a_node_are_killed_under_load_nothing_is_lost_and_both_come_back()
    {
        var nodes = cluster.Servers;
        // The node that died finds its name free at once: it comes back to the member where it was.
        await AssertNothingIsLostAsync(
            nodes,
            enrollments: 60,
            killAfter: 15,
            async () =>
            {
                await Task.WhenAll(cluster.Host.Second.KillAsync(), nodes[2].KillAsync());
                await Task.WhenAll(nodes[2].StartProcessAsync(), cluster.Host.Second.StartAsync());
            },
            "CONCAT(HEX(t.request_hash), ' ', HEX(c.sha256))");

        using var after = await nodes[2].EnrollDeviceAsync("CN=after");
        // The nodes whose member was away come back by themselves.
        using var csr = new Csr("CN=back");
        using var back = await InsistAsync([nodes[1]], 0, csr, Identity("client-0"));
        foreach (var node in (int[])[0, 1])
        {
            var verified = await Tool.RunAsync(Repository.Executable, ["audit", "verify", "--offline", "--config", nodes[node].ConfigFile]);
            Assert.True(verified.ExitCode == 0, verified.ToString());
        }
        Assert.Equal("4", await cluster.SqlAsync("SELECT COUNT(DISTINCT node) FROM audit_log WHERE node IN ('node-1', 'node-2', 'node-3', 'node-4')"));
    }

    protected override Task<string> SqlAsync(string sql) => cluster.SqlAsync(sql);

    protected override X509Certificate2 Identity(string name) => cluster.Identity(name);
}
