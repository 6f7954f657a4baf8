using System.Net;

namespace Kipuka.Conformance;

/// <summary>The book, "Failover Strategies": who issues, counted in the ledger, while eight clients ask at a time.</summary>
public sealed class HaStrategies(HaServer server) : IClassFixture<HaServer>
{
    // "Requests are distributed 33/33/33 across the three CAs".
    [Fact]
    public async Task Round_robin_shares_evenly()
    {
        var share = await server.ShareAsync("rr", "even", 60);
        Assert.Equal(new() { ["rr-a"] = 20, ["rr-b"] = 20, ["rr-c"] = 20 }, share);
    }

    // "Each CA receives traffic proportional to its weight"; a weight of 0 is a standby.
    [Fact]
    public async Task Weighted_shares_by_weight_and_leaves_the_standby_alone()
    {
        var share = await server.ShareAsync("wt", "heavy", 100);
        Assert.InRange(share["wt-a"], 76, 84);
        Assert.Equal(100, share["wt-a"] + share["wt-b"]);
    }

    // "Each request goes to the CA with the lowest average latency"; that of the other has to be found out first.
    [Fact]
    public async Task Latency_based_asks_the_faster_and_knows_the_slower_from_its_checks()
    {
        var share = await server.ShareAsync("lat", "near", 40);
        Assert.True(share["lat-near"] >= 35, $"{share["lat-near"]} of 40");
        Assert.InRange((await server.MemberAsync("lat", "lat-far")).GetProperty("latency_ms").GetDouble(), 100, 2000);
        // The roles change, and the next requests find out by themselves: the slow answers count.
        server.Script("lat-near", "slow 600");
        server.Script("lat-far", "slow 5");
        await server.UntilFasterAsync("lat-far", "lat-near");
        var after = await server.ShareAsync("lat", "far", 20);
        Assert.Equal(20, after.GetValueOrDefault("lat-far"));
    }

    // "All requests routed to the first healthy CA in the group", "On failure, immediately switch to the next CA", "On recovery, immediately switch back".
    [Fact]
    public async Task Active_passive_uses_the_first_while_it_can_and_no_client_notices_the_switch()
    {
        Assert.Equal(new() { ["ap-first"] = 10 }, await server.ShareAsync("ap", "before", 10));
        server.Script("ap-first", "down");
        Assert.Equal(new() { ["ap-second"] = 20 }, await server.ShareAsync("ap", "during", 20));
        Assert.Equal("circuit_open", (await server.MemberAsync("ap", "ap-first")).GetProperty("state").GetString());
        server.Script("ap-first", "issue");
        await server.UntilStateAsync("ap", "ap-first", "healthy");
        Assert.Equal(new() { ["ap-first"] = 10 }, await server.ShareAsync("ap", "after", 10));
    }

    // "the next member only if mayHaveIssued is false": a certificate may exist, so nobody else is asked, and the repeat settles it.
    [Fact]
    public async Task A_CA_that_issues_and_drops_the_connection_is_503_and_the_repeat_gets_that_certificate_from_it()
    {
        server.Script("ap-first", "drop");
        using var csr = new Csr("CN=dropped");
        var lost = await server.EnrollAsync(csr, "ap/simpleenroll");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.Status);
        Assert.NotNull(lost.Headers.RetryAfter);
        Assert.Empty(await server.IssuersAsync("dropped"));
        // Nor by a repeat while that one is away, though the other CA could.
        server.Script("ap-first", "down");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.EnrollAsync(csr, "ap/simpleenroll")).Status);
        Assert.Equal(new() { ["ap-second"] = 1 }, await server.ShareAsync("ap", "meanwhile", 1));
        server.Script("ap-first", "issue");
        await server.RecoverAsync("ap", "ap-first");
        var answer = await server.EnrollAsync(csr, "ap/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(new() { ["ap-first"] = 1 }, await server.IssuersAsync("dropped"));
        // Both times for the same transaction and serial number.
        var asked = (await File.ReadAllLinesAsync(Path.Combine(server.Kipuka.Folder, "ap-first.asked"))).Where(line => line.EndsWith(answer.Certificate.SerialNumber, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["issue drop", "issue issue"], asked.Select(line => string.Join(' ', line.Split(' ')[..2])).Where(call => call != "issue down"));
    }

    // Its twin: nothing was issued, so the other CA is asked at once.
    [Fact]
    public async Task A_CA_that_has_surely_issued_nothing_is_followed_by_the_next_in_the_same_request()
    {
        server.Script("ap-first", "down");
        using var csr = new Csr("CN=followed");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, "ap/simpleenroll")).Status);
        Assert.Equal(new() { ["ap-second"] = 1 }, await server.IssuersAsync("followed"));
        server.Script("ap-first", "issue");
        await server.RecoverAsync("ap", "ap-first");
    }

    [Fact]
    public async Task Whoever_issues_the_labels_policy_holds_and_the_certificates_CA_is_recorded()
    {
        var answers = await server.EnrollManyAsync("rr", "policy", 9);
        foreach (var answer in answers)
        {
            using var certificate = answer.Certificate;
            Assert.InRange(certificate.NotAfter - certificate.NotBefore, TimeSpan.FromDays(29), TimeSpan.FromDays(31));
            var (_, details, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"certs/{certificate.SerialNumber}");
            var issuer = server.Authorities[details!.Value.GetProperty("certificate").GetProperty("ca_id").GetString()!];
            Assert.Equal(issuer.Certificate.Subject, certificate.Issuer);
        }
        Assert.Equal(3, answers.Select(answer => answer.Certificate.Issuer).Distinct().Count());
        for (var i = 0; i < 3; i++)
        {
            using var csr = new Csr("CN=Against The Pattern");
            Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(csr, "rr/simpleenroll")).Status);
        }
    }

    // RFC 7030 4.1.3 and ruling 33: any member may issue the next certificate, and what any has issued can be renewed.
    [Fact]
    public async Task Cacerts_has_every_members_chain_and_any_members_certificate_renews()
    {
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, "rr/cacerts")).Certificates;
        Assert.Equal(["CN=rr-a", "CN=rr-b", "CN=rr-c"], published.Select(certificate => certificate.Subject).Order());
        HashSet<string> issuers = [];
        for (var i = 0; i < 3; i++)
        {
            using var csr = new Csr($"CN=renewed-{i}");
            using var device = TestAuthority.WithKey((await server.EnrollAsync(csr, "rr/simpleenroll")).Certificate, csr.Key);
            issuers.Add(device.Issuer);
            using var again = new Csr($"CN=renewed-{i}");
            var renewed = await server.Kipuka.EnrollAsync(again, null, device, "rr/simplereenroll");
            Assert.True(renewed.Status == HttpStatusCode.OK, renewed.ToString());
            Assert.NotEqual(device.Issuer, renewed.Certificate.Issuer);
        }
    }
}
