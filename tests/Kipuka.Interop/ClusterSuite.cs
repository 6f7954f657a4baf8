using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Many nodes, one database: what one of them knows all of them know, and what one may do once no two do.</summary>
public abstract class ClusterSuite
{
    private const int Clients = 8;

    /// <summary>All nodes.</summary>
    protected abstract IReadOnlyList<KipukaServer> Servers { get; }

    [Fact]
    public async Task A_password_of_one_use_gives_one_certificate_however_many_nodes_are_asked_at_once()
    {
        var password = await Servers[0].CreatePasswordAsync(maxUses: 1);
        var csrs = Servers.Select((_, number) => new Csr($"CN=thief-{number}")).ToList();
        var answers = await Task.WhenAll(Servers.Zip(csrs, (server, csr) => server.EnrollAsync(csr, password)));
        csrs.ForEach(csr => csr.Dispose());
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        Assert.Equal("1", await SqlAsync("SELECT COUNT(*) FROM certificates WHERE subject LIKE 'CN=thief-%'"));
    }

    [Fact]
    public async Task One_request_at_all_nodes_at_once_is_one_certificate()
    {
        using var csr = new Csr("CN=twin");
        var identity = Identity("twin");
        var answers = await Task.WhenAll(Servers.Select(server => server.EnrollAsync(csr, certificate: identity)));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        // And whoever was told to wait finds the same.
        var again = await Task.WhenAll(Servers.Select(server => server.EnrollAsync(csr, certificate: identity)));
        Assert.All(again, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(again.Concat(answers).Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Certificate.Thumbprint).Distinct());
        Assert.Equal("1", await SqlAsync("SELECT COUNT(*) FROM certificates WHERE subject = 'CN=twin'"));
    }

    /// <summary>What the database answers.</summary>
    protected abstract Task<string> SqlAsync(string sql);

    /// <summary>A certificate by which the nodes know a client.</summary>
    protected abstract X509Certificate2 Identity(string name);

    /// <summary>Eight clients enroll at the nodes in turn, and in the middle of it something dies. The ledger has exactly what they received.</summary>
    /// <param name="nodes">The nodes that clients know.</param>
    /// <param name="enrollments">How many.</param>
    /// <param name="killAfter">When <paramref name="kill"/> is called.</param>
    /// <param name="kill">Kills, and may start again.</param>
    /// <param name="pairs">SQL: the hash of each request, a space, and the hash of its certificate, in hexadecimal.</param>
    protected async Task AssertNothingIsLostAsync(IReadOnlyList<KipukaServer> nodes, int enrollments, int killAfter, Func<Task> kill, string pairs)
    {
        var (received, done, killed) = (new Dictionary<string, string>(), 0, new TaskCompletionSource());
        var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var identity = Identity($"client-{client}");
            for (var number = client; number < enrollments; number += Clients)
            {
                using var csr = new Csr($"CN=load-{number}");
                using var certificate = await InsistAsync(nodes, number, csr, identity);
                lock (received)
                {
                    received.Add(Convert.ToHexString(SHA256.HashData(csr.Der)), certificate.GetCertHashString(HashAlgorithmName.SHA256));
                    if (++done == killAfter)
                    {
                        killed.SetResult();
                    }
                }
            }
        }));
        await await Task.WhenAny(killed.Task, load);
        await kill();
        await load;

        Assert.Equal(enrollments, received.Count);
        var ledger = (await SqlAsync($"SELECT {pairs} FROM certificates c JOIN transactions t ON t.id = c.transaction_id WHERE c.subject LIKE 'CN=load-%'"))
            .ToUpperInvariant().Split('\n').Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(received.OrderBy(pair => pair.Key), ledger.OrderBy(pair => pair.Key));
    }

    /// <summary>A client behind a load balancer: whatever fails, the same request again, elsewhere.</summary>
    protected static async Task<X509Certificate2> InsistAsync(IReadOnlyList<KipukaServer> nodes, int first, Csr csr, X509Certificate2 identity)
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
