using System.Net;

namespace Kipuka.Conformance;

/// <summary>Ruling 42 with RFC 7030 section 4.2.3: keys whose CA loses its answer, or decides later.</summary>
public sealed class ServerKeyGenInterrupted : IAsyncLifetime
{
    private readonly ScriptedCa _scripted = new();
    private KipukaServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await KipukaServer.StartAsync(new ServerSetup
        {
            Plugins = ["ca-scripted"],
            Files = _scripted.Files("issue"),
            More = $"""
                [est.serverkeygen]
                encryption = "on-request"
                {_scripted.Tables("slow", timeout: "2s")}
                """,
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scripted.Dispose();
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("hang")]
    public async Task A_lost_answer_of_a_CA_costs_the_password_nothing_and_the_repeat_gets_a_new_key(string word)
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr($"CN={word}");
        ScriptedCa.Say(_server, word);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(csr, password)).Status);
        ScriptedCa.Say(_server, "issue");
        var answer = KeyAnswer.Of(await EnrollAsync(csr, password));
        await answer.FitsAsync(answer.Key);
        // Another transaction, with another serial number.
        var calls = ScriptedCa.Asked(_server).Select(line => line.Split(' ')).ToList();
        Assert.Equal(2, calls.Count);
        Assert.NotEqual(calls[0][2], calls[1][2]);
        Assert.NotEqual(calls[0][3], calls[1][3]);
    }

    // 4.4: optional, and off unless it is configured.
    [Fact]
    public async Task It_is_off_unless_it_is_configured()
    {
        await using var plain = await KipukaServer.StartAsync();
        using var csr = new Csr("CN=off");
        Assert.Equal(HttpStatusCode.NotFound, (await plain.EnrollAsync(csr, await plain.CreatePasswordAsync(), path: "serverkeygen")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.EnrollAsync(csr, await _server.CreatePasswordAsync(), path: "serverkeygen")).Status);
    }

    // The key would have to be kept, which it never is.
    [Fact]
    public async Task A_CA_that_decides_later_gets_its_request_withdrawn_and_the_client_a_reason()
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=undecided");
        ScriptedCa.Say(_server, "pending");
        var refused = await EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("later", refused.Text, StringComparison.Ordinal);
        Assert.StartsWith("abandon ticket-", ScriptedCa.Asked(_server)[1], StringComparison.Ordinal);

        ScriptedCa.Say(_server, "issue");
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(csr, password)).Status);
    }

    private Task<EstAnswer> EnrollAsync(Csr csr, string password) => _server.EnrollAsync(csr, password, path: "slow/serverkeygen");
}
