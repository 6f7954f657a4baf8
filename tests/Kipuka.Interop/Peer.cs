namespace Kipuka.Interop;

/// <summary>Programs that this project did not write. One that is missing fails its tests and names its Debian package: nothing is skipped.</summary>
internal static class Peer
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["bash"] = "bash",
        ["curl"] = "curl",
        ["openssl"] = "openssl",
        ["pki"] = "strongswan-pki libstrongswan-standard-plugins",
        ["faketime"] = "faketime",
        ["java"] = "default-jdk-headless",
        ["javac"] = "default-jdk-headless",
    };

    public static Task<Tool.Result> TryAsync(string program, params string[] arguments) => TryAsync([], program, arguments);

    /// <summary>With more in its environment.</summary>
    public static Task<Tool.Result> TryAsync(Dictionary<string, string?> environment, string program, params string[] arguments)
    {
        Assert.True(Tool.Exists(program), $"{program} is missing: apt-get install {Packages[program]}");
        return Tool.RunAsync(program, arguments, environment: environment);
    }

    /// <summary>Its output; anything but exit code 0 fails the test.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await TryAsync(program, arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Lines as a person pastes them.</summary>
    public static Task<string> BashAsync(string lines) => RunAsync("bash", "-e", "-o", "pipefail", "-c", lines);

    /// <summary>The published server's own commands.</summary>
    public static Task<Tool.Result> KipukaAsync(params string[] arguments) => Tool.RunAsync(Repository.Executable, arguments);
}
