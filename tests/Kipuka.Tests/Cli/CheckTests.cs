using System.Text.Json;

namespace Kipuka.Tests.Cli;

public sealed class CheckTests : IDisposable
{
    private const string Broken = """
        [server]
        listne = "127.0.0.1:8443"
        shutdown_timeout = "soon"

        [db]
        max_connections = 0
        """;

    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Every_problem_is_a_line_with_its_place_errors_first()
    {
        cli.Write("kipuka.toml", Broken);
        var (code, output, _) = await cli.RunAsync("check", "--config", cli.PathOf("kipuka.toml"));
        var lines = output.Replace(cli.Folder + "/", "", StringComparison.Ordinal).TrimEnd().Split('\n');
        Assert.Equal(2, code);
        Assert.Contains(lines, line => line.StartsWith("kipuka.toml:2:1: [server] listne: ", StringComparison.Ordinal) && line.Contains("listen", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("kipuka.toml:3:20: [server] shutdown_timeout: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("kipuka.toml:6:19: [db] max_connections: ", StringComparison.Ordinal));
        var warnings = lines.SkipWhile(line => !line.Contains(": warning: ", StringComparison.Ordinal));
        Assert.All(warnings, line => Assert.Contains(": warning: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_has_the_members_that_scripts_rely_on()
    {
        cli.Write("kipuka.toml", Broken);
        var (code, output, error) = await cli.RunAsync("check", "--config", cli.PathOf("kipuka.toml"), "--json");
        Assert.Equal((2, ""), (code, error));
        using var json = JsonDocument.Parse(output);
        var unknown = json.RootElement.EnumerateArray().Single(problem => problem.GetProperty("code").GetString() == "unknown-key");
        Assert.Equal(["code", "file", "line", "column", "key", "message"], unknown.EnumerateObject().Select(member => member.Name));
        Assert.Equal((2, 1), (unknown.GetProperty("line").GetInt32(), unknown.GetProperty("column").GetInt32()));
        Assert.Equal("server.listne", unknown.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_problem_like_any_other()
    {
        var (code, output, _) = await cli.RunAsync("check", "--config", "none.toml", "--json");
        Assert.Equal(2, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("missing-file", json.RootElement[0].GetProperty("code").GetString());
    }
}
