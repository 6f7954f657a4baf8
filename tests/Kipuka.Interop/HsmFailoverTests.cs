using System.Collections.Concurrent;
using System.Net;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>A token as primary and a file as standby, under load, while the token dies: "Clients see no difference".</summary>
public sealed class HsmFailoverTests : IAsyncLifetime, IDisposable
{
    private const int Clients = 6;
    private static readonly TimeSpan SigningLimit = TimeSpan.FromSeconds(3);

    private readonly SoftHsm _hsm = new();
    private readonly TestAuthority _backup = new("backup");
    private string _module = "";

    private string Tables => Hsm(library: _module) + Authority("hsm", _hsm["ca.pem"], $"key = \"pkcs11:token=kipuka;object=ca\"\ntimeout = \"{SigningLimit.TotalSeconds}s\"") + $"""
        [[ca]]
        id = "backup"
        cert = "{_hsm["backup.pem"]}"
        key = "{_hsm["backup-key.pem"]}"
        [ha]
        check_interval = "1s"
        recovery_timeout = "1s"
        [[ha.group]]
        name = "production"
        ca_ids = ["hsm", "backup"]
        """;

    public async Task InitializeAsync()
    {
        await _hsm.MakeAuthorityAsync();
        _module = await _hsm.BuildFaultModuleAsync();
        File.WriteAllText(_hsm["backup.pem"], _backup.CertificatePem);
        File.WriteAllText(_hsm["backup-key.pem"], _backup.KeyPem);
        File.SetUnixFileMode(_hsm["backup-key.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _hsm.Dispose();
        _backup.Dispose();
    }

    // What the fault module does: every use of the token fails, or C_Sign takes longer than a signature may. Neither can have issued: without a
    // signature in the server's hands there is no certificate.
    [Theory]
    [InlineData("removed 1", "removed 0")]
    [InlineData("latency 8000", "latency 0")]
    public async Task A_token_that_dies_under_load_is_followed_within_one_signing_time_and_serves_again_when_it_is_back(string dies, string lives)
    {
        await using var server = await StartAsync(_hsm, Tables);
        ConcurrentQueue<(string Issuer, TimeSpan Took)> answers = [];
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () => await LoadAsync(server, await server.CreatePasswordAsync(maxUses: 100_000), client, answers, stop.Token))).ToArray();
        await UntilAsync(() => answers.Count >= 3 * Clients, clients);
        Assert.All(answers, answer => Assert.Equal("CN=ca", answer.Issuer));

        _hsm.Inject(dies);
        await UntilAsync(() => answers.Count(answer => answer.Issuer == "CN=backup") >= 5 * Clients, clients);
        Assert.Contains(await StateAsync(server), (string[])["circuit_open", "recovering"]);

        _hsm.Inject(lives);
        var before = answers.Count;
        await UntilAsync(() => answers.Skip(before).Count(answer => answer.Issuer == "CN=ca") >= 3 * Clients, clients);
        await stop.CancelAsync();
        await Task.WhenAll(clients); // all of them 200
        // One signing time-out, what a call that is deaf to its end is given on top, and the work itself.
        Assert.All(answers, answer => Assert.InRange(answer.Took, TimeSpan.Zero, SigningLimit + TimeSpan.FromSeconds(4)));
        Assert.Equal("healthy", await StateAsync(server));
        var (_, list, _) = await server.AdminAsync(HttpMethod.Get, "certs?per_page=1");
        Assert.Equal(answers.Count, list!.Value.GetProperty("total").GetInt32());
    }

    // What had not been signed when the server died is nowhere: certificates of a token come into being in the server.
    [Fact]
    public async Task A_request_that_a_crash_broke_off_goes_to_the_standby_when_the_token_is_away_after_it()
    {
        await using var server = await StartAsync(_hsm, Tables.Replace("check_interval = \"1s\"", "check_interval = \"1h\"\ncheck_timeout = \"5s\"", StringComparison.Ordinal));
        var password = await server.CreatePasswordAsync();
        using var csr = new Csr("CN=broken-off", ["broken-off.example"]);
        var before = _hsm.Calls("C_SignInit");
        _hsm.Inject("latency 60000");
        var lost = server.EnrollAsync(csr, password, path: "hsm/simpleenroll");
        await UntilAsync(() => _hsm.Calls("C_SignInit") > before, []);
        await server.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        _hsm.Inject("removed 1");
        await server.StartProcessAsync();
        var answer = await server.EnrollAsync(csr, password, path: "hsm/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal("CN=backup", answer.Certificate.Issuer);
        // The same request again gets the same certificate, also when the token is back; the password is spent once.
        _hsm.Inject("removed 0");
        var (_, list, _) = await server.AdminAsync(HttpMethod.Get, "certs?subject=broken-off");
        Assert.Equal("backup", Assert.Single(list!.Value.GetProperty("certificates").EnumerateArray()).GetProperty("ca_id").GetString());
        using var other = new Csr("CN=broken-off-2", ["broken-off.example"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.EnrollAsync(other, password, path: "hsm/simpleenroll")).Status);
    }

    private static async Task LoadAsync(
        KipukaServer server, string password, int client, ConcurrentQueue<(string Issuer, TimeSpan Took)> answers, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            using var csr = new Csr($"CN=device-{client}-{i}", [$"device-{client}-{i}.example"]);
            var began = TimeProvider.System.GetTimestamp();
            var answer = await server.EnrollAsync(csr, password, path: "hsm/simpleenroll");
            Assert.True(answer.Status == HttpStatusCode.OK, answer + server.Log);
            answers.Enqueue((answer.Certificate.Issuer, TimeProvider.System.GetElapsedTime(began)));
        }
    }

    private static async Task UntilAsync(Func<bool> holds, Task[] clients)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!holds())
        {
            // A client that was refused ends, and says why.
            await Task.WhenAll(clients.Where(client => client.IsCompleted));
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<string?> StateAsync(KipukaServer server)
        => (await server.AdminAsync(HttpMethod.Get, "ca/health")).Body!.Value.GetProperty("hsm").GetProperty("status").GetString();
}
