using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kipuka.Sdk.Tck;

namespace Kipuka.Cli.Verify;

/// <summary><c>kipuka plugin verify</c>: the conformance kit over a published folder, in a load context as in a server.</summary>
internal sealed class VerifyCommand(Surroundings surroundings)
{
    private readonly Argument<string> folder = new("FOLDER") { Description = "The plugin's published folder." };

    private readonly Option<string> settings = new("--settings")
    {
        HelpName = "FILE",
        Description = "A file like kipuka.toml that selects the plugin; [verify] in it tells the kit what it cannot find out.",
        Required = true,
    };

    private readonly Option<bool> json = SharedOptions.Json();

    public Command Build()
    {
        var command = new CliCommand("verify", "Test whether a plugin keeps its contract, in its published folder.")
        {
            Details = "Runs its code. The last line is what [plugins.pins] takes. Exits 1 when a check fails, 2 when the file is wrong.",
            Examples = ["kipuka plugin verify out/ca-acme --settings verify.toml"],
        };
        command.Add(folder);
        command.Add(settings);
        command.Add(json);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = surroundings.FullPath(parsed.GetRequiredValue(folder));
        var file = surroundings.FullPath(parsed.GetRequiredValue(settings));
        if (!Directory.Exists(path))
        {
            throw CliException.Usage($"{path} is no folder");
        }
        VerifySetup Load() => VerifySetup.Load(path, file, surroundings.Variable);
        using var setup = Load();
        ProblemList.Write(parsed.InvocationConfiguration.Error, setup.Problems.All);
        if (setup.Folder is null || setup.Problems.HasErrors)
        {
            return ExitCode.BadUsage;
        }
        if (!setup.Own.Any())
        {
            var exported = string.Join(", ", setup.Folder.Describe().Select(plugin => $"{plugin.Kind}:{plugin.Name}"));
            throw CliException.Usage($"{file} selects no plugin of {path}, which exports {(exported.Length == 0 ? "none" : exported)}");
        }
        var suites = new VerifySuites(setup.Verify!, Path.GetDirectoryName(file)!, Load);
        List<TckReport> reports = [];
        foreach (var plan in setup.Own)
        {
            reports.Add(await suites.RunAsync(plan, cancel));
        }
        Show(parsed, setup.Folder.Path, setup.Folder.Hash, reports);
        return reports.TrueForAll(report => report.Passed) ? ExitCode.Done : ExitCode.Failed;
    }

    private void Show(ParseResult parsed, string path, string hash, IReadOnlyList<TckReport> reports)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json))
        {
            JsonText.Write(output, writer => Write(writer, path, hash, reports));
            return;
        }
        TextTable.Write(output, ["INSTANCE", "CHECK", "RESULT", "TIME", "REASON"], [.. reports.SelectMany(report => report.Checks.Select(check =>
            (IReadOnlyList<string>)[SafeText.Cell(report.Subject), check.Name, Word(check.Outcome), Milliseconds(check), SafeText.Cell(check.Reason)]))]);
        output.WriteLine();
        output.WriteLine($"\"{Path.GetFileName(path)}\" = \"sha256:{hash}\"");
    }

    private static void Write(Utf8JsonWriter writer, string path, string hash, IReadOnlyList<TckReport> reports)
    {
        writer.WriteStartObject();
        writer.WriteString("folder", path);
        writer.WriteString("sha256", hash);
        writer.WriteStartArray("checks");
        foreach (var (report, check) in reports.SelectMany(report => report.Checks.Select(check => (report, check))))
        {
            writer.WriteStartObject();
            writer.WriteString("instance", report.Subject);
            writer.WriteString("kind", report.Kind);
            writer.WriteString("check", check.Name);
            writer.WriteString("result", Word(check.Outcome));
            writer.WriteString("reason", check.Reason);
            writer.WriteNumber("milliseconds", Math.Round(check.Duration.TotalMilliseconds));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Word(TckOutcome outcome) => outcome switch
    {
        TckOutcome.Passed => "passed",
        TckOutcome.Failed => "FAILED",
        _ => "n/a",
    };

    private static string Milliseconds(TckCheck check) => string.Create(CultureInfo.InvariantCulture, $"{check.Duration.TotalMilliseconds:0} ms");
}
