using Kipuka.Telemetry;
using Kipuka.Cli;

namespace Kipuka.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("est")]
    [InlineData("plugin")]
    [InlineData("est enroll --url https://x")]
    [InlineData("init --port 70000")]
    [InlineData("init --port 64600")]
    [InlineData("init --port many")]
    [InlineData("run --log-format xml")]
    [InlineData("run --what")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("migrate status")]
    [InlineData("est cacerts --url http://x")]
    [InlineData("est cacerts --url https://x --cert a.pem")]
    [InlineData("est cacerts --url https://x --user name")]
    [InlineData("est enroll --url https://x --out d")]
    [InlineData("est enroll --url https://x --out d --subject nonsense")]
    [InlineData("est enroll --url https://x --out d --subject CN=a --key-type ed25519")]
    [InlineData("est enroll --url https://x --out d --san IP:1.2.3.4.5")]
    [InlineData("est reenroll --url https://x --out d")]
    public async Task Bad_usage_exits_2_with_a_message_and_runs_nothing(string line)
    {
        var (code, output, error) = await cli.RunAsync(line.Split(' '));
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("kipuka: ", error, StringComparison.Ordinal);
        Assert.Empty(cli.Server.Runs);
    }

    [Theory]
    [InlineData("--config x.toml", "x.toml", false)]
    [InlineData("run --config x.toml", "x.toml", false)]
    [InlineData("run --config=x.toml --log-format json", "x.toml", true)]
    [InlineData("--log-format json -c x.toml", "x.toml", true)]
    public async Task Run_is_the_default(string line, string config, bool json)
    {
        Assert.Equal(0, (await cli.RunAsync(line.Split(' '))).Code);
        Assert.Equal(new ServerOptions(config, json), Assert.Single(cli.Server.Runs));
    }

    [Fact]
    public async Task Without_a_config_the_one_in_the_working_folder_is_taken()
    {
        cli.Write("kipuka.toml", "");
        cli.Server.Result = 2;
        Assert.Equal(2, (await cli.RunAsync()).Code);
        Assert.Equal(cli.PathOf("kipuka.toml"), Assert.Single(cli.Server.Runs).ConfigFile);
    }

    [Fact]
    public async Task Version_is_one_line() => Assert.Equal((0, $"kipuka {Build.Version}{Environment.NewLine}", ""), await cli.RunAsync("--version"));

    [Fact]
    public async Task A_near_miss_is_told_the_right_word() =>
        Assert.Contains("Did you mean quickstart?", (await cli.RunAsync("quikstart")).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "Commands:")]
    [InlineData("run", "--log-format")]
    [InlineData("check", "Exits 2")]
    [InlineData("init", "Never overwrites")]
    [InlineData("quickstart", "--once")]
    [InlineData("migrate", "--status")]
    [InlineData("migrate run", "--config")]
    [InlineData("migrate status", "pending")]
    [InlineData("plugin", "inspect")]
    [InlineData("plugin list", "--json")]
    [InlineData("plugin inspect", "NAME")]
    [InlineData("plugin hash", "FOLDER")]
    [InlineData("est", "reenroll")]
    [InlineData("est cacerts", "--cacert")]
    [InlineData("est csrattrs", "--label")]
    [InlineData("est enroll", "Examples:")]
    [InlineData("est reenroll", "--key-type")]
    public async Task Every_command_has_help(string words, string says)
    {
        var (code, output, error) = await cli.RunAsync([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(says, output, StringComparison.Ordinal);
    }
}
