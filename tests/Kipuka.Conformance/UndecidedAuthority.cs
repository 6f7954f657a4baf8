using System.Net;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.2.3 with rulings 44, 45 and 48, for CAs that take their time, refuse, or lose their answers.</summary>
public sealed class UndecidedAuthority : IAsyncLifetime
{
    private readonly ScriptedCa _scripted = new();
    private KipukaServer _server = null!;

    private IReadOnlyList<string> Asked => ScriptedCa.Asked(_server);

    public async Task InitializeAsync()
    {
        _server = await KipukaServer.StartAsync(new ServerSetup
        {
            Plugins = ["ca-scripted"],
            Est = "retry_after = 17\nserverkeygen = true",
            Files = _scripted.Files("issue"),
            More = _scripted.Tables("slow"),
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scripted.Dispose();
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.3", Level.Must, "What is not decided yet is 202 with Retry-After, and the same request again gets the certificate.")]
    public async Task A_CA_that_has_not_decided_is_202_with_its_Retry_After_and_asked_by_its_ticket_until_it_has()
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=undecided");
        ScriptedCa.Say(_server, "pending");
        var waiting = await EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
        Assert.Equal(TimeSpan.FromSeconds(7), waiting.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.Accepted, (await EnrollAsync(csr, password)).Status);

        // The ticket is durable.
        await _server.KillAsync();
        await _server.StartProcessAsync();
        ScriptedCa.Say(_server, "issue");
        var answer = await EnrollAsync(csr, password);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(["issue pending", "resume pending", "resume issue"], Calls());
        Assert.EndsWith(Asked[^1].Split(' ')[^1], answer.Certificate.SerialNumber, StringComparison.OrdinalIgnoreCase);
        // Once: the password is spent, and nobody is asked again.
        await Delivery.WaitAsync(_server, "CN=undecided");
        Assert.Equal(HttpStatusCode.Unauthorized, (await EnrollAsync(csr, password)).Status);
        Assert.Equal(3, Calls().Count);
    }

    [Fact]
    public async Task A_CA_that_refuses_in_the_end_gives_the_password_back()
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=refused-late");
        ScriptedCa.Say(_server, "pending");
        Assert.Equal(HttpStatusCode.Accepted, (await EnrollAsync(csr, password)).Status);
        ScriptedCa.Say(_server, "refuse");
        var refused = await EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("the script says no", refused.Text, StringComparison.Ordinal);
        ScriptedCa.Say(_server, "issue");
        using var other = new Csr("CN=refused-late-2");
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(other, password)).Status);
    }

    [Fact]
    public async Task A_lost_answer_of_a_CA_is_503_and_the_repeat_gets_the_one_certificate_that_was_made()
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=lost");
        ScriptedCa.Say(_server, "drop");
        var lost = await EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.Status);
        Assert.NotNull(lost.Headers.RetryAfter);
        ScriptedCa.Say(_server, "issue");
        var answer = await EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        // Asked twice for the same transaction and serial number.
        var lines = Asked;
        Assert.Equal(lines[0].Split(' ')[2..], lines[1].Split(' ')[2..]);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("wrong")]
    public async Task A_CA_that_hangs_or_answers_something_else_is_503_and_nothing_is_handed_out(string word)
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr($"CN={word}");
        ScriptedCa.Say(_server, word);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(csr, password)).Status);
        var (_, list, _) = await _server.AdminAsync(HttpMethod.Get, $"certs?subject={word}");
        Assert.Equal(0, list!.Value.GetProperty("total").GetInt32());
        ScriptedCa.Say(_server, "issue");
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(csr, password)).Status);
    }

    // Ruling 48, at the step where the CA works: the client goes, then the server.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_dies_while_the_CA_works_the_repeat_gets_the_one_certificate(bool serverDies)
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=dies");
        await LeaveWhileTheCaWorksAsync(csr, password, "simpleenroll", serverDies);
        var answer = await EnrollAsync(csr, password);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.All(Asked, line => Assert.EndsWith(line.Trim().Split(' ')[^1], answer.Certificate.SerialNumber, StringComparison.OrdinalIgnoreCase));
        Assert.Single(await StatusesAsync("dies"));
    }

    // Ruling 42: the key is gone with the answer.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_was_not_delivered_is_made_anew_for_the_same_password_and_no_certificate_without_a_key_stays(bool serverDies)
    {
        var password = await _server.CreatePasswordAsync();
        using var csr = new Csr("CN=lost-key");
        await LeaveWhileTheCaWorksAsync(csr, password, "serverkeygen", serverDies);
        var answer = await _server.EnrollAsync(csr, password, path: "slow/serverkeygen");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(serverDies ? ["active"] : ["active", "revoked"], (await StatusesAsync("lost-key")).Order());
    }

    [Fact]
    public async Task Devices_that_share_a_password_do_not_wait_for_each_other_s_CA()
    {
        var password = await _server.CreatePasswordAsync(maxUses: 3);
        using var one = new Csr("CN=shares-one");
        using var other = new Csr("CN=shares-other");
        ScriptedCa.Say(_server, "wait");
        using var seen = new FileSystemWatcher(_server.Folder, "asked");
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object sender, FileSystemEventArgs change)
        {
            if (Asked.Count == 2)
            {
                both.TrySetResult();
            }
        }
        seen.Changed += Look;
        seen.EnableRaisingEvents = true;
        var answers = Task.WhenAll(EnrollAsync(one, password), EnrollAsync(other, password));
        await both.Task.WaitAsync(TimeSpan.FromSeconds(30));
        ScriptedCa.Say(_server, "issue");
        Assert.All(await answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString()));
        using var third = new Csr("CN=shares-third");
        using var fourth = new Csr("CN=shares-fourth");
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(third, password)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await EnrollAsync(fourth, password)).Status);
    }

    // Sends the request, and when the CA has been asked, the client or the server is gone; then the CA goes on.
    private async Task LeaveWhileTheCaWorksAsync(Csr csr, string password, string operation, bool serverDies)
    {
        ScriptedCa.Say(_server, "wait");
        using var seen = new FileSystemWatcher(_server.Folder, "asked");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        seen.Changed += (_, _) => asked.TrySetResult();
        seen.Created += (_, _) => asked.TrySetResult();
        seen.EnableRaisingEvents = true;
        await using (var wire = await Wire.ConnectAsync(_server))
        {
            await wire.SendAsync(
                $"POST /.well-known/est/slow/{operation} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\n"
                + $"Authorization: Basic {Basic.Of(password)}\r\nContent-Length: {csr.Base64.Length}\r\n\r\n{csr.Base64}");
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
            if (serverDies)
            {
                await _server.KillAsync();
            }
            wire.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            wire.Socket.Close();
        }
        if (serverDies)
        {
            await _server.StartProcessAsync();
        }
        ScriptedCa.Say(_server, "issue");
    }

    private async Task<List<string>> StatusesAsync(string name)
    {
        var (_, list, _) = await _server.AdminAsync(HttpMethod.Get, $"certs?subject={name}");
        return [.. list!.Value.GetProperty("certificates").EnumerateArray().Select(certificate => certificate.GetProperty("status").GetString()!)];
    }

    private List<string> Calls() => [.. Asked.Select(line => string.Join(' ', line.Split(' ')[..2]))];

    private Task<EstAnswer> EnrollAsync(Csr csr, string password) => _server.EnrollAsync(csr, password, path: "slow/simpleenroll");
}
