using System.Net;

namespace Kipuka.Conformance;

/// <summary>Ruling 54: an authority that cannot be reached at start begins in circuit_open with the certificates that it was last known by.</summary>
public sealed class LastKnownCertificates : IAsyncLifetime
{
    private readonly ScriptedCa _remote = new("remote");
    private readonly TestAuthority _next = new("Renewed CA");
    private readonly TestAuthority _standby = new("Standby CA");
    private KipukaServer _server = null!;

    public async Task InitializeAsync() => _server = await KipukaServer.StartAsync(new ServerSetup
    {
        Plugins = ["ca-scripted"],
        Files = new Dictionary<string, string>(_remote.Files("gone"))
        {
            ["standby.pem"] = _standby.CertificatePem,
            ["standby-key.pem"] = _standby.KeyPem,
        },
        More = $"""
            {_remote.Table()}label = "remote"
            [[ca]]
            id = "standby"
            cert = "standby.pem"
            key = "standby-key.pem"
            [ha]
            check_interval = "1s"
            recovery_timeout = "1s"

            """,
    });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _remote.Dispose();
        _next.Dispose();
        _standby.Dispose();
    }

    [Fact]
    public async Task What_a_CA_was_last_known_by_is_published_after_a_restart_without_it_until_it_answers_and_nothing_else_is_done_with_it()
    {
        // Never reached: nothing is known.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CacertsAsync()).Status);
        // Reached after the start.
        ScriptedCa.Say(_server, "issue");
        await UntilIssuedAsync();
        AssertPublished(await CacertsAsync(), _remote.Authority);

        // A restart at which it is away. Meanwhile it has got another certificate, which nobody here knows yet.
        await RestartAsync("gone", _next);
        AssertPublished(await CacertsAsync(), _remote.Authority);
        Assert.Contains("ca:remote (scripted): until it answers, /cacerts gives the certificates that it had at ", _server.Log, StringComparison.Ordinal);
        var (_, health, _) = await _server.AdminAsync(HttpMethod.Get, "ca/health");
        Assert.Equal("circuit_open", health!.Value.GetProperty("remote").GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync()).Status);

        // As soon as it answers, what it says holds, and is what it is known by from now on.
        ScriptedCa.Say(_server, "issue");
        await UntilIssuedAsync();
        AssertPublished(await CacertsAsync(), _next);
        await RestartAsync("gone");
        AssertPublished(await CacertsAsync(), _next);
    }

    // "/cacerts of a label in a group publishes every member's chain": also of one that was not reached since the start.
    [Fact]
    public async Task A_group_publishes_also_the_chain_of_a_member_whose_circuit_is_open_and_issues_by_the_others()
    {
        ScriptedCa.Say(_server, "issue");
        await UntilIssuedAsync();
        await File.AppendAllTextAsync(_server.ConfigFile, "\n[[ha.group]]\nname = \"both\"\nca_ids = [\"remote\", \"standby\"]\n");
        await RestartAsync("gone");
        AssertPublished(await CacertsAsync(), _remote.Authority, _standby);
        var answer = await EnrollAsync();
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal("CN=Standby CA", answer.Certificate.Issuer);
        // Not even an operator's word makes it issue before it answers.
        var (status, _, text) = await _server.AdminAsync(HttpMethod.Post, "ha/failover", new { group = "both", to = "remote" });
        Assert.True(status == HttpStatusCode.Conflict && text.Contains("the script says gone", StringComparison.Ordinal), text);
    }

    private static void AssertPublished(EstAnswer answer, params TestAuthority[] authorities)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(authorities.Select(authority => authority.Certificate.Thumbprint), answer.Certificates.Select(certificate => certificate.Thumbprint));
    }

    private Task<EstAnswer> CacertsAsync() => _server.SendAsync(HttpMethod.Get, "remote/cacerts");

    private async Task<EstAnswer> EnrollAsync()
    {
        using var csr = new Csr($"CN={Guid.NewGuid():N}", ["device.example"]);
        return await _server.EnrollAsync(csr, await _server.CreatePasswordAsync(), path: "remote/simpleenroll");
    }

    private async Task RestartAsync(string word, TestAuthority? renewed = null)
    {
        await _server.StopAsync();
        ScriptedCa.Say(_server, word);
        if (renewed is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_server.Folder, "remote.pem"), renewed.CertificatePem);
            await File.WriteAllTextAsync(Path.Combine(_server.Folder, "remote-key.pem"), renewed.KeyPem);
        }
        await _server.StartProcessAsync();
    }

    private async Task UntilIssuedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var answer = await EnrollAsync();
            if (answer.Status == HttpStatusCode.OK)
            {
                return;
            }
            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.ToString());
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
