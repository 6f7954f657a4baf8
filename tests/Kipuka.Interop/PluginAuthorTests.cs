namespace Kipuka.Interop;

/// <summary>What a vendor does, as docs/plugin-author.md tells it: packages, template, tests, a published folder, and a certificate without a restart.</summary>
public sealed class PluginAuthorTests : IDisposable
{
    private static readonly string[] OtherKinds = ["auth", "transport", "ha", "audit"];

    private readonly ScratchFolder folder = new();
    private readonly int port = RunningQuickstart.Port();

    [Fact]
    public async Task The_page_leads_from_nothing_to_a_certificate_of_a_new_plugin_in_a_running_server()
    {
        var page = new AuthorPage();
        Clone();
        foreach (var lines in page.Before)
        {
            await RunAsync(lines);
        }
        // The other kinds, from the same feed: what is generated builds without warnings and keeps its contract.
        foreach (var kind in OtherKinds)
        {
            await RunAsync($"dotnet new kipuka-plugin --kind {kind} -n Acme.My-{kind}");
        }
        await RunAsync($"""
            dotnet new sln --name others --format sln
            dotnet sln others.sln add {string.Join(' ', OtherKinds.Select(kind => $"Acme.My-{kind}/tests/Acme.My-{kind}.Tests"))}
            dotnet test others.sln
            """);

        Assert.Equal("kipuka/kipuka quickstart --dir server\n", page.Server);
        await using var server = await RunningQuickstart.StartAsync(folder["server"], port);
        await File.AppendAllTextAsync(folder["server/kipuka.toml"], "\n" + Here(page.Tables));
        foreach (var lines in page.After)
        {
            await RunAsync(lines);
        }
        Assert.Equal("issuer=CN = Acme CA\n", await Peer.RunAsync("openssl", "x509", "-in", folder["device-1.pem"], "-noout", "-issuer"));
    }

    public void Dispose() => folder.Dispose();

    // What is packed, without what was built of it: packing must not touch the folders that other builds use.
    private void Clone()
    {
        foreach (var file in ((string[])["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"]).Select(name => Path.Combine(Repository.Root, name))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "sdk"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })))
        {
            var name = Path.GetRelativePath(Repository.Root, file);
            if (!name.Split('/').Any(part => part is "bin" or "obj"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder[$"kipuka/{name}"])!);
                File.Copy(file, folder[$"kipuka/{name}"]);
            }
        }
    }

    // The server is the one that was built, and its ports are others; nothing else differs from what a reader types.
    private string Here(string text) => text
        .Replace("../kipuka/build/", $"{Repository.Build}/", StringComparison.Ordinal)
        .Replace("kipuka/kipuka ", $"{Repository.Executable} ", StringComparison.Ordinal)
        .Replace(":8443", $":{port}", StringComparison.Ordinal)
        .Replace(":9443", $":{port + 1000}", StringComparison.Ordinal);

    private async Task RunAsync(string lines)
    {
        // A home of its own for templates and packages; what this machine has restored for the repository is found where it is.
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var result = await Tool.RunAsync("bash", ["-e", "-o", "pipefail", "-c", Here(lines)], folder.Path, new Dictionary<string, string?>
        {
            ["DOTNET_CLI_HOME"] = folder["home"],
            ["NUGET_PACKAGES"] = folder["packages"],
            ["RestoreFallbackFolders"] = restored,
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["NO_PROXY"] = "127.0.0.1,localhost",
            ["no_proxy"] = "127.0.0.1,localhost",
        }, within: TimeSpan.FromMinutes(10));
        Assert.True(result.ExitCode == 0, $"{lines}\n{result}");
    }
}
