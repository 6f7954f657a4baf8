using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Eight nodes on one PostgreSQL.</summary>
public sealed class ClusterTests(Cluster cluster) : ClusterSuite, IClassFixture<Cluster>
{
    protected override IReadOnlyList<KipukaServer> Servers => cluster.Servers;

    [Fact]
    public async Task When_two_of_four_nodes_are_killed_under_load_nothing_is_lost_and_the_others_go_on()
    {
        var nodes = cluster.Servers.Take(4).ToList();
        await AssertNothingIsLostAsync(
            nodes, enrollments: 160, killAfter: 30, () => Task.WhenAll(nodes[0].KillAsync(), nodes[1].KillAsync()), "encode(t.request_hash, 'hex') || ' ' || encode(c.sha256, 'hex')");
        // No number gaps: every chain from 1 to its head, whoever died in the middle.
        Assert.Equal("0", await SqlAsync("SELECT COUNT(*) FROM (SELECT 1 FROM audit_log GROUP BY node HAVING MAX(sequence) <> COUNT(*)) broken"));
        Assert.Equal("0", await SqlAsync(
            "SELECT COUNT(*) FROM audit_log a JOIN audit_log b ON b.node = a.node AND b.sequence = a.sequence + 1 WHERE b.previous_hash <> a.hash"));
        Assert.Equal($"{Cluster.Nodes}", await SqlAsync("SELECT COUNT(DISTINCT node) FROM audit_log"));
        // The dead come back under their names at once.
        await Task.WhenAll(nodes[0].StartProcessAsync(), nodes[1].StartProcessAsync());
        using var last = await nodes[0].EnrollDeviceAsync("CN=after");
    }

    protected override Task<string> SqlAsync(string sql) => cluster.SqlAsync(sql);

    protected override X509Certificate2 Identity(string name) => cluster.Identity(name);
}
