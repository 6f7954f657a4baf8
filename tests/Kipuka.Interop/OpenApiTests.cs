using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kipuka.Interop;

/// <summary>The OpenAPI document of the admin API: judged by others' tools, and compared with what the server does.</summary>
public sealed partial class OpenApiTests(AdminBookServer server) : IClassFixture<AdminBookServer>, IDisposable
{
    private static readonly string Npm = Path.Combine(Repository.Root, "tests", "npm");

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_linter_finds_nothing()
    {
        var run = await NodeAsync("node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", "--format", "json", await SaveAsync());
        Assert.True(run.ExitCode == 0, run.ToString());
        var totals = JsonDocument.Parse(run.Output).RootElement.GetProperty("totals");
        Assert.True(totals.GetProperty("errors").GetInt32() == 0 && totals.GetProperty("warnings").GetInt32() == 0, run.ToString());
    }

    [Fact]
    public async Task A_linter_finds_what_is_missing()
    {
        var file = await SaveAsync();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"summary\": \"One CA.\",", "", StringComparison.Ordinal));
        var run = await NodeAsync("node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", "--format", "json", file);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("summary", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_every_route_of_the_server_and_no_other()
    {
        var documented = Operations((await DocumentAsync()).GetProperty("paths")).Order(StringComparer.Ordinal).ToList();
        List<string> real = ["GET openapi.json"];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "core", "Admin"), "*.cs"))
        {
            var code = await File.ReadAllTextAsync(file);
            var maps = MapPattern().Matches(code);
            // Every endpoint is mapped with its path written out, so that it is found here.
            Assert.Equal(Regex.Count(code, @"\.Map(Get|Post|Delete|Put|Patch|Methods)?\((?!admin\))"), maps.Count);
            real.AddRange(maps.Select(map => $"{map.Groups[1].Value.ToUpperInvariant()} {map.Groups[2].Value.Replace(":guid", "", StringComparison.Ordinal)}"));
        }
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "plugins"), "AssemblyInfo.cs", SearchOption.AllDirectories))
        {
            foreach (var attribute in (await File.ReadAllTextAsync(file)).Split("[assembly: "))
            {
                foreach (Match action in ActionPattern().Matches(attribute))
                {
                    IEnumerable<string> paths = [action.Groups[2].Value, .. AlsoAtPattern().Matches(attribute).Select(also => also.Groups[1].Value)];
                    real.AddRange(paths.Select(path => $"{action.Groups[1].Value} {path}"));
                }
            }
        }
        Assert.Equal(real.Order(StringComparer.Ordinal), documented);
    }

    [Fact]
    public async Task Every_operation_is_there_when_it_is_asked()
    {
        // POST without a body, and ids that there are not: whatever the answer, it is not that there is no such resource or method.
        foreach (var operation in Operations((await DocumentAsync()).GetProperty("paths")))
        {
            var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
            if (path is "reload" or "audit/stream" or "audit/export")
            {
                continue;
            }
            path = path.Replace("{id}", "019aa71c-2f0e-7c55-9d3b-0f6a6c1f2d11", StringComparison.Ordinal).Replace("{serial}", "0102", StringComparison.Ordinal)
                .Replace("{group}", "nobody", StringComparison.Ordinal);
            var (status, _, text) = await server.Kipuka.AdminAsync(new HttpMethod(method), path);
            Assert.True(status != HttpStatusCode.MethodNotAllowed && (int)status < 500, $"{operation}: {status} {text}");
            Assert.DoesNotContain("there is no such resource", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_are_what_it_says()
    {
        var serial = await server.IssueAsync();
        (string Method, string Path, string Template, object? Body)[] calls =
        [
            ("get", "health", "health", null), ("get", "health/live", "health/live", null), ("get", "health/ready", "health/ready", null),
            ("get", "health/db", "health/db", null), ("get", "health/ca", "health/ca", null), ("get", "ca", "ca", null), ("get", "cas", "cas", null),
            ("get", "ca/iot-fleet", "ca/{id}", null), ("get", "ca/nobody", "ca/{id}", null), ("get", "certs?per_page=3", "certs", null),
            ("get", "certs?per_page=0", "certs", null), ("get", "certs?colour=red", "certs", null), ("get", $"certs/{serial}", "certs/{serial}", null),
            ("post", $"certs/{serial}/revoke", "certs/{serial}/revoke", new { reason = "superseded" }), ("post", "revoke", "revoke", new { serial }),
            ("get", "requests", "requests", null), ("get", "audit?per_page=50", "audit", null), ("get", "audit/verify", "audit/verify", null),
            ("get", "labels", "labels", null), ("get", "plugins", "plugins", null), ("get", "stats", "stats", null), ("get", "whoami", "whoami", null),
            ("post", "login", "login", null), ("get", "ha", "ha", null), ("post", "ha/failover", "ha/failover", new { to = "backup-ca", ttl = 60 }),
            ("delete", "ha/failover/nobody", "ha/failover/{group}", null), ("get", "renewal-info", "renewal-info", null),
            ("post", "renewal-info", "renewal-info", new { ca = "default", end = "2999-01-01T00:00:00Z", reason = "test" }),
            ("post", "otp", "otp", new { entity_id = "schema" }), ("post", "otp", "otp", new { colour = "red" }), ("get", "otp", "otp", null), ("post", "reload", "reload", null),
        ];
        List<object> answers = [];
        foreach (var (method, path, template, body) in calls)
        {
            var (status, answer, text) = await server.Kipuka.AdminAsync(new HttpMethod(method.ToUpperInvariant()), path, body);
            Assert.True(answer is not null, $"{method} {path}: {status} {text}");
            answers.Add(new { path = $"/admin/{template}", method, status = (int)status, body = answer });
        }
        await server.Kipuka.AdminAsync(HttpMethod.Delete, "ha/failover/production");
        var run = await ValidateAsync(answers);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task The_validator_finds_what_does_not_fit()
    {
        var run = await ValidateAsync([new { path = "/admin/health/live", method = "get", status = 200, body = new { status = 7 } }]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("must be string", run.Output, StringComparison.Ordinal);
    }

    private async Task<Tool.Result> ValidateAsync(IReadOnlyList<object> answers)
    {
        await File.WriteAllTextAsync(_folder["answers.json"], JsonSerializer.Serialize(answers));
        return await NodeAsync("validate.mjs", await SaveAsync(), _folder["answers.json"]);
    }

    private async Task<string> SaveAsync()
    {
        var (status, _, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, "openapi.json");
        Assert.Equal(HttpStatusCode.OK, status);
        await File.WriteAllTextAsync(_folder["api.json"], text);
        return _folder["api.json"];
    }

    private async Task<JsonElement> DocumentAsync() => JsonDocument.Parse(await File.ReadAllTextAsync(await SaveAsync())).RootElement;

    private static IEnumerable<string> Operations(JsonElement paths)
        => paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name["/admin/".Length..]}"));

    private static Task<Tool.Result> NodeAsync(params string[] arguments)
    {
        Assert.True(Tool.Exists("node"), "node is missing: apt-get install nodejs npm");
        Assert.True(Directory.Exists(Path.Combine(Npm, "node_modules")), "what package.json names is missing: npm ci in tests/npm");
        var environment = new Dictionary<string, string?> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" };
        return Tool.RunAsync("node", arguments, Npm, environment);
    }

    [GeneratedRegex(@"\.Map(Get|Post|Delete)\(""([^""]*)"",")]
    private static partial Regex MapPattern();

    [GeneratedRegex(@"AdminAction\(""[a-z-]+"", ""[a-z0-9-]+"", ""([A-Z]+)"", ""([^""]+)""")]
    private static partial Regex ActionPattern();

    [GeneratedRegex("AlsoAt = \\[\"([^\"]+)\"\\]")]
    private static partial Regex AlsoAtPattern();
}
