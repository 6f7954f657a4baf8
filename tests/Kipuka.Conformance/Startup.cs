using System.Text.RegularExpressions;

namespace Kipuka.Conformance;

/// <summary>What keeps the server from starting, and how it says so: rulings 4, 9, 13, 21, 23 and the issue's "file:line:column".</summary>
public sealed partial class Startup(Startup.Stopped stopped) : IClassFixture<Startup.Stopped>
{
    /// <summary>The folder of a server that ran and was stopped: everything in it is right.</summary>
    public sealed class Stopped : IAsyncLifetime
    {
        public KipukaServer Kipuka { get; private set; } = null!;

        public string Config { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Kipuka = await KipukaServer.StartAsync();
            Assert.Equal(0, await Kipuka.StopAsync());
            Config = await File.ReadAllTextAsync(Kipuka.ConfigFile);
        }

        public async Task DisposeAsync() => await Kipuka.DisposeAsync();
    }

    [Fact]
    public async Task Every_problem_is_listed_at_once_with_file_line_and_column_and_the_exit_code_is_2()
    {
        var result = await RunAsync(config => config
            .Replace("[db]", "[dbb]", StringComparison.Ordinal)
            .Replace("mode = \"optional\"", "mode = \"sometimes\"", StringComparison.Ordinal)
            .Replace("enabled = true\nhash", "enabld = true\nhash", StringComparison.Ordinal)
            .Replace("key = \"ca-key.pem\"", "key = \"absent.pem\"", StringComparison.Ordinal)
            + "\n[[est.label]]\nname = \"x\"\nca_id = \"defalt\"\nallowed_key_types = []\nsubject_pattern = \"(\"\n");
        Assert.Equal(2, result.ExitCode);
        foreach (var part in new[] { "dbb", "[tls.client_auth] mode", "enabld", "absent.pem", "ca_id", "allowed_key_types", "subject_pattern" })
        {
            Assert.True(
                result.Error.Split('\n').Any(line => line.Contains(part, StringComparison.Ordinal) && Position().IsMatch(line)), $"{part} is not named: {result}");
        }
        Assert.Contains("default", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_TOML_is_one_problem_with_its_place()
    {
        var result = await RunAsync(config => config + "\n[broken\n");
        Assert.Equal(2, result.ExitCode);
        Assert.Matches(Position(), result.Error.Split('\n')[0]);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_KIPUKA_LOG_is_a_sentence()
    {
        var result = await Tool.RunAsync(
            Repository.Executable, ["run", "--config", stopped.Kipuka.ConfigFile], stopped.Kipuka.Folder, new Dictionary<string, string?> { ["KIPUKA_LOG"] = "loud" });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("KIPUKA_LOG", result.Error, StringComparison.Ordinal);
        Assert.Contains("trace", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error + result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task A_CA_key_that_others_can_read_is_not_used(UnixFileMode more)
    {
        var key = Path.Combine(stopped.Kipuka.Folder, $"open-{more}.pem");
        await File.WriteAllTextAsync(key, stopped.Kipuka.Authority.KeyPem);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var result = await RunAsync(config => config.Replace("ca-key.pem", $"open-{more}.pem", StringComparison.Ordinal));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"open-{more}.pem", result.Error + result.Output, StringComparison.Ordinal);
        AssertNoTrace(result);
    }

    [Fact]
    public async Task A_key_that_is_not_the_certificates_is_refused_with_both_files_named()
    {
        using var other = new TestAuthority("Other");
        await WriteSecretAsync("other-key.pem", other.KeyPem);
        var result = await RunAsync(config => config.Replace("ca-key.pem", "other-key.pem", StringComparison.Ordinal));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("other-key.pem", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Contains("ca.pem", result.Error + result.Output, StringComparison.Ordinal);
        AssertNoTrace(result);
    }

    [Fact]
    public async Task A_server_key_that_is_not_the_certificates_is_refused()
    {
        using var other = new TestAuthority("Other");
        await WriteSecretAsync("other-server-key.pem", other.KeyPem);
        var result = await RunAsync(config => config.Replace("\"server-key.pem\"", "\"other-server-key.pem\"", StringComparison.Ordinal));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("other-server-key.pem", result.Error + result.Output, StringComparison.Ordinal);
        AssertNoTrace(result);
    }

    [Fact]
    public async Task Admin_anchors_that_issue_to_clients_need_subjects()
    {
        var result = await RunAsync(config => config + "\n[admin.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\"]\n");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("subjects", result.Error + result.Output, StringComparison.Ordinal);
        AssertNoTrace(result);
    }

    [Theory]
    [InlineData("[ha]\nstrategy = \"least-connections\"", "active-passive")]
    [InlineData("[gssapi]\nenabled = true", "gssapi")]
    [InlineData("[est.label]\nname = \"a\"", "double brackets")]
    [InlineData("[[est.label]]\nname = \"simpleenroll\"\nca_id = \"default\"", "operation")]
    [InlineData("[enrollment]\nmax_validity_days = \"many\"", "max_validity_days")]
    [InlineData("[telemetry]\nx = \"${KIPUKA_TEST_UNSET}\"", "telemetry")]
    [Requirement("RFC 7030", "3.2.2", Level.Must, "A label is never the name of an operation.")]
    public async Task What_cannot_be_meant_is_refused_with_exit_code_2(string more, string named)
    {
        var result = await RunAsync(config => $"{config}\n{more}\n");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Matches(Position(), result.Error);
    }

    [Theory]
    [InlineData("run", "--confg")]
    [InlineData("fly", "")]
    public async Task A_wrong_command_line_is_exit_code_2(string command, string option)
        => Assert.Equal(2, (await Tool.RunAsync(Repository.Executable, option.Length == 0 ? [command] : [command, option])).ExitCode);

    private static void AssertNoTrace(Tool.Result result) => Assert.DoesNotContain("   at ", result.Error + result.Output, StringComparison.Ordinal);

    private async Task WriteSecretAsync(string name, string text)
    {
        var path = Path.Combine(stopped.Kipuka.Folder, name);
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task<Tool.Result> RunAsync(Func<string, string> change)
    {
        var file = Path.Combine(stopped.Kipuka.Folder, $"{Guid.NewGuid():N}.toml");
        await File.WriteAllTextAsync(file, change(stopped.Config));
        return await Tool.RunAsync(Repository.Executable, ["run", "--config", file], stopped.Kipuka.Folder);
    }

    [GeneratedRegex(@"\.toml:\d+:\d+: ")]
    private static partial Regex Position();
}
