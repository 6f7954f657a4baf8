using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary><c>kipuka request</c> and <c>kipuka est --wait</c>: an operator and a client of RFC 7030 section 4.2.3 at the command line.</summary>
public sealed class RequestCommand(RequestCommand.Server server) : IClassFixture<RequestCommand.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Est = "retry_after = 1",
            More = "[[est.label]]\nname = \"watched\"\nca_id = \"default\"\nrequire_san = false\napproval = \"manual\"\n",
        };
    }

    [Fact]
    public async Task An_approved_request_is_answered_to_the_client_that_asks_again()
    {
        var (ask, id) = await PendingAsync("approved");
        Assert.Contains("CN=approved", (await OperatorAsync("show", id)).Output, StringComparison.Ordinal);
        var approved = await OperatorAsync("approve", id);
        Assert.True(approved.ExitCode == 0, approved.ToString());
        var again = await Tool.RunAsync(Repository.Executable, ask, server.Kipuka.Folder);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.True(File.Exists(Path.Combine(server.Kipuka.Folder, "approved.pem")));
        // There is nothing left to decide.
        Assert.Equal(1, (await OperatorAsync("approve", id)).ExitCode);
        Assert.Contains(id, (await OperatorAsync("list", "--status", "all", "--per-page", "1000")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_gets_its_certificate_when_an_operator_has_agreed()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        var waiting = Tool.RunAsync(Repository.Executable, [.. Ask("patient", password), "--wait", "10m"], server.Kipuka.Folder);
        string? id = null;
        while (id is null)
        {
            Assert.False(waiting.IsCompleted);
            id = await FindAsync("patient");
        }
        Assert.Equal(0, (await OperatorAsync("approve", id)).ExitCode);
        var done = await waiting;
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Contains("asking again in 1 s", done.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_request_is_told_to_the_client_with_its_reason()
    {
        var (ask, id) = await PendingAsync("rejected");
        Assert.Equal(2, (await OperatorAsync("reject", id)).ExitCode);
        Assert.Equal(0, (await OperatorAsync("reject", id, "--reason", "no such device")).ExitCode);
        var again = await Tool.RunAsync(Repository.Executable, ask, server.Kipuka.Folder);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("no such device", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-an-id", 2)]
    [InlineData("0197a000-0000-7000-8000-000000000001", 1)]
    public async Task An_id_that_there_is_not_is_an_error(string id, int code) => Assert.Equal(code, (await OperatorAsync("show", id)).ExitCode);

    private async Task<(string[] Ask, string Id)> PendingAsync(string name)
    {
        var ask = Ask(name, await server.Kipuka.CreatePasswordAsync());
        var first = await Tool.RunAsync(Repository.Executable, ask, server.Kipuka.Folder);
        Assert.True(first.ExitCode == 3, first.ToString());
        Assert.Contains("pending", first.Error, StringComparison.Ordinal);
        return (ask, (await FindAsync(name))!);
    }

    private async Task<string?> FindAsync(string name)
    {
        var list = await OperatorAsync("list", "--all");
        Assert.True(list.ExitCode == 0, list.ToString());
        var found = JsonDocument.Parse(list.Output).RootElement.GetProperty("requests").EnumerateArray()
            .FirstOrDefault(request => request.GetProperty("subject").GetString() == $"CN={name}");
        return found.ValueKind == JsonValueKind.Undefined ? null : found.GetProperty("id").GetString();
    }

    private string[] Ask(string name, string password) =>
    [
        "est", "enroll", "--url", $"https://localhost:{server.Kipuka.Port}", "--label", "watched", "--cacert", "ca.pem", "--user", $":{password}",
        "--subject", $"CN={name}", "--out", name,
    ];

    private Task<Tool.Result> OperatorAsync(params string[] arguments) => Tool.RunAsync(
        Repository.Executable, ["request", .. arguments, "--config", "kipuka.toml"], server.Kipuka.Folder,
        new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = server.Kipuka.AdminToken });
}
