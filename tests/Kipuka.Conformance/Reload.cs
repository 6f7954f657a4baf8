using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Ruling 58: SIGHUP and POST /admin/reload take up what has changed, or change nothing.</summary>
public sealed class Reload(EstServer server) : IClassFixture<EstServer>
{
    private KipukaServer Kipuka => server.Kipuka;

    [Fact]
    public async Task A_new_label_appears_after_SIGHUP()
    {
        await AppendAsync(Label("hup"));
        Kipuka.Signal(1);
        await UntilAsync(async () => (await Kipuka.SendAsync(HttpMethod.Get, "hup/cacerts")).Status == HttpStatusCode.OK);
    }

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMF.1", Level.Must, "Operators have the configuration reloaded.")]
    public async Task A_new_label_appears_after_POST_and_the_answer_counts_the_generation()
    {
        await AppendAsync(Label("post"));
        Assert.Equal(HttpStatusCode.NotFound, (await Kipuka.SendAsync(HttpMethod.Get, "post/cacerts")).Status);
        var (status, answer, text) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal("reloaded", answer!.Value.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.SendAsync(HttpMethod.Get, "post/cacerts")).Status);
    }

    [Fact]
    public async Task A_broken_file_leaves_the_old_configuration_serving_and_lists_the_problems()
    {
        var fine = await File.ReadAllTextAsync(Kipuka.ConfigFile);
        await File.WriteAllTextAsync(Kipuka.ConfigFile, fine + "\n[nonsense]\na = 1\n[[est.label]]\nname = \"y\"\nca_id = \"nobody\"\n");
        try
        {
            var (status, answer, _) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
            Assert.Equal(HttpStatusCode.Conflict, status);
            var problems = answer!.Value.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToList();
            Assert.Contains(problems, problem => problem.Contains("nonsense", StringComparison.Ordinal));
            Assert.Contains(problems, problem => problem.Contains("ca_id", StringComparison.Ordinal));
            using var csr = new Csr("CN=still");
            Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Kipuka.SendAsync(HttpMethod.Get, "y/cacerts")).Status);
        }
        finally
        {
            await File.WriteAllTextAsync(Kipuka.ConfigFile, fine);
        }
    }

    [Fact]
    public async Task Another_database_is_refused_with_a_sentence()
    {
        var fine = await File.ReadAllTextAsync(Kipuka.ConfigFile);
        await File.WriteAllTextAsync(Kipuka.ConfigFile, fine.Replace("kipuka.db", "other.db", StringComparison.Ordinal));
        try
        {
            var (status, _, text) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
            Assert.Equal(HttpStatusCode.Conflict, status);
            Assert.Contains("restart", text, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(Kipuka.ConfigFile, fine);
        }
    }

    [Fact]
    public async Task New_trust_anchors_are_used_after_a_reload()
    {
        using var manufacturer = new TestAuthority("New manufacturer");
        using var device = manufacturer.Issue("CN=new-device");
        using var csr = new Csr("CN=new-device");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.EnrollAsync(csr, null, device)).Status);
        var anchors = Path.Combine(Kipuka.Folder, "manufacturer.pem");
        await File.WriteAllTextAsync(anchors, manufacturer.CertificatePem);
        var fine = await File.ReadAllTextAsync(Kipuka.ConfigFile);
        await File.WriteAllTextAsync(Kipuka.ConfigFile, fine.Replace("trust_anchors = [\"ca.pem\"]", "trust_anchors = [\"ca.pem\", \"manufacturer.pem\"]", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.EnrollAsync(csr, null, device)).Status);

        // The same configuration, another file: the anchors' bytes are part of the settings.
        using var another = new TestAuthority("Another manufacturer");
        using var next = another.Issue("CN=next-device");
        await File.WriteAllTextAsync(anchors, another.CertificatePem);
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
        using var nextCsr = new Csr("CN=next-device");
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.EnrollAsync(nextCsr, null, next)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.EnrollAsync(csr, null, device)).Status);
    }

    [Fact]
    public async Task A_new_server_certificate_is_shown_after_a_reload_on_the_same_port()
    {
        var before = await ShownAsync();
        using var renewed = Kipuka.Authority.Issue("CN=localhost,O=Renewed", ["localhost", "127.0.0.1"], ["1.3.6.1.5.5.7.3.1"]);
        await File.WriteAllTextAsync(Path.Combine(Kipuka.Folder, "server.pem"), renewed.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(Kipuka.Folder, "server-key.pem"), renewed.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
        Assert.Equal(renewed.SerialNumber, await ShownAsync());
        Assert.NotEqual(before, renewed.SerialNumber);
    }

    [Fact]
    public async Task Enrollments_that_go_on_during_reloads_all_succeed()
    {
        using var done = new CancellationTokenSource();
        var reloads = Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await AppendAsync(Label($"during-{i}"));
                Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
            }
            await done.CancelAsync();
        });
        var enrolled = 0;
        while (!done.IsCancellationRequested && !reloads.IsFaulted)
        {
            using var csr = new Csr($"CN=during-{enrolled}");
            var answer = await server.EnrollAsync(csr);
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            enrolled++;
        }
        await reloads;
        Assert.InRange(enrolled, 1, int.MaxValue);
    }

    private static string Label(string name) => $"\n[[est.label]]\nname = \"{name}\"\nca_id = \"default\"\n";

    private Task AppendAsync(string text) => File.AppendAllTextAsync(Kipuka.ConfigFile, text);

    private async Task<string> ShownAsync()
    {
        await using var wire = await Wire.ConnectAsync(Kipuka);
        return ((X509Certificate2)wire.Stream.RemoteCertificate!).SerialNumber;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
