using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kipuka.Interop;

/// <summary>
/// Every command line of the book's two chapters about the admin API, as printed but for host, port and placeholders; each answer has the members of
/// the printed one with the same JSON types.
/// </summary>
public sealed partial class AdminBookTests(AdminBookServer server) : IClassFixture<AdminBookServer>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "data", "admin-book");

    public static TheoryData<string> Lines => [.. Directory.EnumerateFiles(Folder, "*.sh").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_printed_command_line_is_answered_as_printed(string name)
    {
        var line = await ReadAsync($"{name}.sh");
        var run = await RunAsync(line);
        Assert.True(run.ExitCode == 0, run.ToString());
        if (File.Exists(Path.Combine(Folder, $"{name}.json")))
        {
            // Ruling 52: both chapters' lists are called certificates.
            var printed = JsonDocument.Parse((await ReadAsync($"{name}.json")).Replace("\"certs\":", "\"certificates\":", StringComparison.Ordinal)).RootElement;
            var isOld = line.Contains("end=2026-06-24", StringComparison.Ordinal);
            Compare(isOld ? WithoutEvents(printed) : printed, JsonDocument.Parse(run.Output).RootElement, "$");
            if (isOld)
            {
                // The printed days have passed, so the same of these days shows what a record has.
                var now = await RunAsync(line.Replace("end=2026-06-24", "end=2999-01-01", StringComparison.Ordinal));
                Compare(printed, JsonDocument.Parse(now.Output).RootElement, "$");
            }
            return;
        }
        Check(name, line, run.Output);
    }

    [Fact]
    public void No_command_line_is_left_out() => Assert.Equal(21, Directory.EnumerateFiles(Folder, "*.sh").Count());

    // What the book says of those below which it prints no answer.
    private void Check(string name, string line, string output)
    {
        switch (line)
        {
            case var _ when line.Contains("/simpleenroll", StringComparison.Ordinal):
                Assert.True(new FileInfo(Path.Combine(server.Kipuka.Folder, "cert.p7")).Length > 300);
                break;
            case var _ when line.Contains("-X DELETE", StringComparison.Ordinal):
                Assert.Empty(output);
                break;
            case var _ when line.Contains("/chain", StringComparison.Ordinal):
                Assert.StartsWith("-----BEGIN CERTIFICATE-----", output, StringComparison.Ordinal);
                break;
            case var _ when line.Contains("/admin/metrics", StringComparison.Ordinal):
                Assert.All(
                    (string[])["kipuka_enrollments_total", "kipuka_request_duration_seconds", "kipuka_active_certificates", "kipuka_ca_health", "kipuka_otp_generated_total"],
                    metric => Assert.Contains(metric, output, StringComparison.Ordinal));
                break;
            case var _ when line.Contains("/admin/certs/", StringComparison.Ordinal):
                // "full certificate details, issuance metadata, and audit trail"
                var details = JsonDocument.Parse(output).RootElement;
                Assert.Contains("BEGIN CERTIFICATE", details.GetProperty("pem").GetString(), StringComparison.Ordinal);
                Assert.Equal("simpleenroll", details.GetProperty("certificate").GetProperty("enrollment_type").GetString());
                Assert.Contains("cert.issued", details.GetProperty("audit").EnumerateArray().Select(record => record.GetProperty("event_type").GetString()));
                break;
            default:
                Assert.False(JsonDocument.Parse(output).RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String, $"{name}: {output}");
                break;
        }
    }

    private static JsonElement WithoutEvents(JsonElement printed) => JsonSerializer.SerializeToElement(
        printed.EnumerateObject().Where(member => member.Name != "events").ToDictionary(member => member.Name, member => member.Value));

    private static async Task<string> ReadAsync(string file) => (await File.ReadAllTextAsync(Path.Combine(Folder, file))).TrimEnd();

    private async Task<Tool.Result> RunAsync(string line)
    {
        line = HostPattern().Replace(line, $"localhost:{server.Kipuka.AdminPort}").Replace("est.example.com", $"localhost:{server.Kipuka.Port}", StringComparison.Ordinal);
        if (line.Contains("1a2b3c4d5e6f7890", StringComparison.Ordinal))
        {
            line = line.Replace("1a2b3c4d5e6f7890", await server.IssueAsync(), StringComparison.Ordinal);
        }
        if (line.Contains("eyJ", StringComparison.Ordinal))
        {
            line = TokenPattern().Replace(line, await server.Kipuka.CreatePasswordAsync());
        }
        if (line.Contains("f47ac10b-58cc-4372-a567-0e02b2c3d479", StringComparison.Ordinal))
        {
            var (_, made, _) = await server.Kipuka.AdminAsync(HttpMethod.Post, "otp", new { entity_id = "device-001.example.com" });
            line = line.Replace("f47ac10b-58cc-4372-a567-0e02b2c3d479", made!.Value.GetProperty("id").GetString(), StringComparison.Ordinal);
        }
        if (line.EndsWith("/admin/otp | jq .", StringComparison.Ordinal) && !line.Contains("POST", StringComparison.Ordinal))
        {
            await server.Kipuka.CreatePasswordAsync("device-001.example.com");
        }
        Assert.All((string[])["bash", "curl", "jq"], program => Assert.True(Tool.Exists(program), $"{program} is missing: apt-get install {program}"));
        // The probes are printed without --cacert: there the machine trusts the server's CA.
        var environment = new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = server.Kipuka.AdminToken, ["CURL_CA_BUNDLE"] = "admin-ca.pem" };
        return await Tool.RunAsync("bash", ["-e", "-o", "pipefail", "-c", line], server.Kipuka.Folder, environment);
    }

    private static void Compare(JsonElement printed, JsonElement answer, string where)
    {
        switch (printed.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.True(answer.ValueKind == JsonValueKind.Object, $"{where}: {answer}");
                foreach (var member in printed.EnumerateObject())
                {
                    Assert.True(answer.TryGetProperty(member.Name, out var value), $"{where}.{member.Name} is missing in {answer}");
                    // Nothing is wrong here with what the book shows an error of.
                    if (member.Name != "error" || value.ValueKind != JsonValueKind.Null)
                    {
                        Compare(member.Value, value, $"{where}.{member.Name}");
                    }
                }
                break;
            case JsonValueKind.Array:
                Assert.True(answer.ValueKind == JsonValueKind.Array, $"{where}: {answer}");
                Assert.NotEmpty(answer.EnumerateArray());
                foreach (var item in printed.EnumerateArray())
                {
                    Compare(item, Counterpart(item, answer), $"{where}[]");
                }
                break;
            case JsonValueKind.Null:
                Assert.True(answer.ValueKind is JsonValueKind.Null or JsonValueKind.String, $"{where}: {answer}");
                break;
            default:
                Assert.True(printed.ValueKind == answer.ValueKind, $"{where} is {answer.ValueKind}, printed is {printed}");
                break;
        }
    }

    // The one of the same id or entity, else the first.
    private static JsonElement Counterpart(JsonElement item, JsonElement answers)
    {
        foreach (var key in (string[])["id", "entity_id"])
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var id)
                && answers.EnumerateArray().FirstOrDefault(answer => answer.TryGetProperty(key, out var same) && same.ToString() == id.ToString()) is { ValueKind: JsonValueKind.Object } found)
            {
                return found;
            }
        }
        // Passwords for people have no entity, and records of the request itself name no certificate.
        return answers.EnumerateArray().FirstOrDefault(answer => answer.ValueKind != JsonValueKind.Object || ((string[])["entity_id", "serial", "subject"])
            .All(name => !answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.String));
    }

    [GeneratedRegex(@"localhost:9443|admin\.example\.com:9444")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"eyJ[^""]*")]
    private static partial Regex TokenPattern();
}
