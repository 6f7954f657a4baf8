using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Rulings 44 and 48: a request that is repeated because its answer was lost gets the same certificate.</summary>
public sealed class Repeats(EstServer server) : IClassFixture<EstServer>
{
    [Fact]
    public async Task The_same_request_gets_the_same_certificate()
    {
        using var csr = new Csr("CN=repeat");
        var first = (await server.EnrollAsync(csr)).Certificate;
        Assert.Equal(first.RawData, (await server.EnrollAsync(csr)).Certificate.RawData);
        using var other = new Csr("CN=repeat");
        Assert.NotEqual(first.RawData, (await server.EnrollAsync(other)).Certificate.RawData);
    }

    [Fact]
    public async Task Another_identity_with_the_same_request_gets_another_certificate()
    {
        using var csr = new Csr("CN=two-identities");
        var first = (await server.EnrollAsync(csr)).Certificate;
        var second = (await server.Kipuka.EnrollAsync(csr, await server.Kipuka.CreatePasswordAsync())).Certificate;
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
    }

    [Fact]
    public async Task A_revoked_certificate_is_not_given_again()
    {
        using var csr = new Csr("CN=revoked-repeat");
        var first = (await server.EnrollAsync(csr)).Certificate;
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, $"certs/{first.SerialNumber}/revoke")).Status);
        var second = await server.EnrollAsync(csr);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.NotEqual(first.SerialNumber, second.Certificate.SerialNumber);
    }

    [Fact]
    public async Task A_renewal_is_repeated_as_well()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=renewal");
        using var csr = new Csr("CN=renewal");
        var first = (await server.Kipuka.EnrollAsync(csr, null, device, "simplereenroll")).Certificate;
        Assert.Equal(first.RawData, (await server.Kipuka.EnrollAsync(csr, null, device, "simplereenroll")).Certificate.RawData);
    }

    [Fact]
    public async Task Twenty_equal_requests_at_once_get_one_certificate()
    {
        using var csr = new Csr("CN=twins");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.EnrollAsync(csr)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Certificate.SerialNumber).Distinct());
    }

    [Fact]
    public async Task A_connection_cut_before_the_answer_costs_neither_password_nor_a_second_certificate()
    {
        for (var i = 0; i < 10; i++)
        {
            var password = await server.Kipuka.CreatePasswordAsync();
            using var csr = new Csr($"CN=cut-{i}");
            await using (var wire = await Wire.ConnectAsync(server.Kipuka))
            {
                await wire.SendAsync(server.Post(csr).Replace(Basic.Of(server.Password), Basic.Of(password), StringComparison.Ordinal));
                // A reset, not an orderly end: the server learns it when it writes.
                wire.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
                wire.Socket.Close();
            }
            var again = await server.Kipuka.EnrollAsync(csr, password);
            Assert.True(again.Status == HttpStatusCode.OK, again.ToString());
            Assert.Equal(1, await CountAsync(server.Kipuka, $"CN=cut-{i}"));
        }
    }

    [Fact]
    public async Task After_kill_9_every_lost_answer_is_had_by_asking_again()
    {
        await using var kipuka = await KipukaServer.StartAsync();
        var reusable = await kipuka.CreatePasswordAsync(maxUses: 10);
        using var before = new Csr("CN=before");
        var kept = (await kipuka.EnrollAsync(before, reusable)).Certificate;
        var asked = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => (Csr: new Csr($"CN=kill-{i}"), Password: await kipuka.CreatePasswordAsync())));
        using var first = new ManualResetEventSlim();
        var sent = asked.Select(async request =>
        {
            var answer = await Record(() => kipuka.EnrollAsync(request.Csr, request.Password));
            first.Set();
            return answer;
        }).ToList();
        first.Wait(TimeSpan.FromSeconds(30));
        await kipuka.KillAsync();
        var answers = await Task.WhenAll(sent);
        await kipuka.StartProcessAsync();

        Assert.Equal(kept.RawData, (await kipuka.EnrollAsync(before, reusable)).Certificate.RawData);
        Assert.Contains(answers, answer => answer is null);
        for (var i = 0; i < asked.Length; i++)
        {
            var again = await kipuka.EnrollAsync(asked[i].Csr, asked[i].Password);
            if (answers[i] is not { } had)
            {
                Assert.True(again.Status == HttpStatusCode.OK, again.ToString());
            }
            else if (again.Status == HttpStatusCode.OK)
            {
                Assert.Equal(had.Certificate.RawData, again.Certificate.RawData);
            }
            else
            {
                Assert.Equal(HttpStatusCode.Unauthorized, again.Status);
            }
            Assert.Equal(1, await CountAsync(kipuka, $"CN=kill-{i}"));
        }
    }

    private static async Task<EstAnswer?> Record(Func<Task<EstAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> CountAsync(KipukaServer kipuka, string subject)
    {
        var (_, list, _) = await kipuka.AdminAsync(HttpMethod.Get, $"certs?per_page=1000&subject={Uri.EscapeDataString(subject)}");
        return list!.Value.GetProperty("certificates").EnumerateArray().Count(entry => entry.GetProperty("subject").GetString() == subject);
    }
}
