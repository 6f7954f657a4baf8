using System.CommandLine;
using System.Text.Json;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary><c>kipuka check</c>: everything that is wrong with a configuration, at once. Nothing is started.</summary>
internal sealed class CheckCommand(Surroundings surroundings) : ICliCommand
{
    private readonly Option<string?> config = SharedOptions.Config();
    private readonly Option<bool> json = SharedOptions.Json();

    public Command Build()
    {
        var command = new CliCommand(
            "check",
            "Say everything that is wrong with the configuration: its keys, the files it names, the plugins it selects. Nothing is started. "
            + "Exits 2 when there are errors; warnings alone are no error.")
        {
            Examples = ["kipuka check", "kipuka check --config /etc/kipuka/kipuka.toml --json"],
        };
        command.Add(config);
        command.Add(json);
        command.SetAction(Run);
        return command;
    }

    /// <summary>Errors first, then warnings, each by position.</summary>
    internal static void Print(IEnumerable<ConfigProblem> problems, TextWriter output)
    {
        foreach (var problem in problems.OrderBy(problem => problem.IsWarning))
        {
            output.WriteLine(SafeText.Cell(problem.Text));
        }
    }

    internal static void Write(IEnumerable<ConfigProblem> problems, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var problem in problems.OrderBy(problem => problem.IsWarning))
        {
            json.WriteStartObject();
            json.WriteString("code", problem.Code);
            json.WriteString("file", problem.File);
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("key", problem.Key);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private int Run(ParseResult parsed)
    {
        var file = FindConfig.Path(parsed.GetValue(config), surroundings.Folder) ?? throw CliException.Usage(FindConfig.NotFound);
        using var loaded = ConfigLoader.Load(file);
        var problems = loaded.Problems;
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json))
        {
            JsonText.Write(output, writer => Write(problems, writer));
        }
        else
        {
            Print(problems, output);
            var errors = problems.Count(problem => !problem.IsWarning);
            parsed.InvocationConfiguration.Error.WriteLine((errors, problems.Count - errors) switch
            {
                (0, 0) => $"{file}: no problems",
                var (e, w) => $"{file}: {Number(e, "error")}, {Number(w, "warning")}",
            });
        }
        return problems.Any(problem => !problem.IsWarning) ? ExitCode.Usage : ExitCode.Done;
    }

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
