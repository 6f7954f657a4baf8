using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Many nodes, one database: what one of them knows all of them know, and what one may do once no two do.</summary>
public sealed class ClusterTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const int Enrollments = 160;
    private const int KillAfter = 30;

    [Fact]
    public async Task A_password_of_one_use_gives_one_certificate_however_many_nodes_are_asked_at_once()
    {
        var password = await cluster.Servers[0].CreatePasswordAsync(maxUses: 1);
        var csrs = Enumerable.Range(0, Cluster.Nodes).Select(number => new Csr($"CN=thief-{number}")).ToList();
        var answers = await Task.WhenAll(cluster.Servers.Zip(csrs, (server, csr) => server.EnrollAsync(csr, password)));
        csrs.ForEach(csr => csr.Dispose());
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        Assert.Equal("1", await cluster.SqlAsync("SELECT COUNT(*) FROM certificates WHERE subject LIKE 'CN=thief-%'"));
    }

    [Fact]
    public async Task One_request_at_all_nodes_at_once_is_one_certificate()
    {
        using var csr = new Csr("CN=twin");
        var identity = cluster.Identity("twin");
        var answers = await Task.WhenAll(cluster.Servers.Select(server => server.EnrollAsync(csr, certificate: identity)));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        // And whoever was told to wait finds the same.
        var again = await Task.WhenAll(cluster.Servers.Select(server => server.EnrollAsync(csr, certificate: identity)));
        Assert.Single(
            again.Concat(answers).Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Certificate.Thumbprint).Distinct());
        Assert.All(again, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal("1", await cluster.SqlAsync("SELECT COUNT(*) FROM certificates WHERE subject = 'CN=twin'"));
    }

    [Fact]
    public async Task When_two_of_four_nodes_are_killed_under_load_nothing_is_lost_and_the_others_go_on()
    {
        var nodes = cluster.Servers.Take(4).ToList();
        var (received, done, killed) = (new Dictionary<string, string>(), 0, new TaskCompletionSource());
        var work = Enumerable.Range(0, Enrollments).ToList();
        var identities = Enumerable.Range(0, 8).Select(number => cluster.Identity($"client-{number}")).ToList();
        var load = Task.WhenAll(identities.Select(async (identity, client) =>
        {
            for (var number = client; number < Enrollments; number += identities.Count)
            {
                using var csr = new Csr($"CN=load-{number}");
                var certificate = await InsistAsync(nodes, number, csr, identity);
                lock (received)
                {
                    received.Add(Convert.ToHexString(SHA256.HashData(csr.Der)), certificate.GetCertHashString(HashAlgorithmName.SHA256));
                    if (++done == KillAfter)
                    {
                        killed.SetResult();
                    }
                }
            }
        }));
        await await Task.WhenAny(killed.Task, load);
        await Task.WhenAll(nodes[0].KillAsync(), nodes[1].KillAsync());
        await load;

        Assert.Equal(Enrollments, received.Count);
        var ledger = (await cluster.SqlAsync(
                "SELECT encode(t.request_hash, 'hex') || ' ' || encode(c.sha256, 'hex') FROM certificates c JOIN transactions t ON t.id = c.transaction_id WHERE c.subject LIKE 'CN=load-%'"))
            .ToUpperInvariant().Split('\n').Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(received.OrderBy(pair => pair.Key), ledger.OrderBy(pair => pair.Key));
        // No number gaps: every chain from 1 to its head, whoever died in the middle.
        Assert.Equal("0", await cluster.SqlAsync("SELECT COUNT(*) FROM (SELECT 1 FROM audit_log GROUP BY node HAVING MAX(sequence) <> COUNT(*)) broken"));
        Assert.Equal("0", await cluster.SqlAsync(
            "SELECT COUNT(*) FROM audit_log a JOIN audit_log b ON b.node = a.node AND b.sequence = a.sequence + 1 WHERE b.previous_hash <> a.hash"));
        Assert.Equal($"{Cluster.Nodes}", await cluster.SqlAsync("SELECT COUNT(DISTINCT node) FROM audit_log"));
        // The dead come back under their names at once.
        await Task.WhenAll(nodes[0].StartProcessAsync(), nodes[1].StartProcessAsync());
        using var last = await nodes[0].EnrollDeviceAsync("CN=after");
    }

    // A client behind a load balancer: whatever fails, the same request again, elsewhere.
    internal static async Task<X509Certificate2> InsistAsync(IReadOnlyList<KipukaServer> nodes, int first, Csr csr, X509Certificate2 identity)
    {
        for (var attempt = 0; ; attempt++)
        {
            var node = nodes[(first + attempt) % nodes.Count];
            try
            {
                var answer = await node.EnrollAsync(csr, certificate: identity);
                if (answer.Status == HttpStatusCode.OK)
                {
                    return answer.Certificate;
                }
                Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable && attempt < 200, $"{answer}\n{node.Log}");
                await Task.Delay(50);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException && attempt < 200)
            {
                // Killed before, or while, it answered.
            }
        }
    }
}
