using System.CommandLine;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary><c>kipuka check</c>: everything that is wrong with a configuration, at once. Nothing is started.</summary>
internal sealed class CheckCommand(ConfigLoader loader, Surroundings surroundings) : ICliCommand
{
    private readonly Option<string?> config = SharedOptions.Config();
    private readonly Option<bool> json = SharedOptions.Json();

    public Command Build()
    {
        var command = new CliCommand(
            "check",
            "Say everything that is wrong with the configuration.")
        {
            Details = "Its keys, the files it names, the plugins it selects. Nothing is started. Exits 2 when there are errors; warnings alone are no error.",
            Examples = ["kipuka check", "kipuka check --config /etc/kipuka/kipuka.toml --json"],
        };
        command.Add(config);
        command.Add(json);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var file = surroundings.ConfigFile(parsed.GetValue(config));
        using var loaded = loader.Load(file);
        var problems = loaded.Problems.All;
        if (parsed.GetValue(json))
        {
            JsonText.Write(parsed.InvocationConfiguration.Output, writer => ProblemList.WriteJson(writer, problems));
        }
        else
        {
            ProblemList.Write(parsed.InvocationConfiguration.Output, problems);
            var warnings = problems.Count(problem => problem.IsWarning);
            parsed.InvocationConfiguration.Error.WriteLine(problems.Count == 0
                ? $"{file}: no problems"
                : $"{file}: {Number(problems.Count - warnings, "error")}, {Number(warnings, "warning")}");
        }
        return loaded.Problems.HasErrors ? ExitCode.BadUsage : ExitCode.Done;
    }

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
