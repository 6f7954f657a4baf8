using System.CommandLine;
using System.Text.Json;
using Kipuka.Cli.Actions;

namespace Kipuka.Cli;

/// <summary><c>kipuka reload</c>: has the running server read its configuration and its plugin folders anew.</summary>
internal sealed class ReloadCommand(Surroundings surroundings) : ICliCommand
{
    public Command Build()
    {
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("reload", "Have the running server read its configuration and plugins anew.")
        {
            Details = "When anything is wrong the server goes on as it was, and this says why.",
            Examples = ["kipuka reload --config kipuka.toml"],
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = options.Open(parsed);
            var (status, answer) = await client.TryAsync(HttpMethod.Post, "reload", null, cancel);
            if (options.AsJson(parsed) || answer is not { ValueKind: JsonValueKind.Object } view)
            {
                AnswerText.Write(parsed.InvocationConfiguration.Output, answer, options.AsJson(parsed));
                return status == 200 ? ExitCode.Done : ExitCode.Failed;
            }
            var output = status == 200 ? parsed.InvocationConfiguration.Output : parsed.InvocationConfiguration.Error;
            foreach (var problem in view.GetProperty("problems").EnumerateArray())
            {
                output.WriteLine(SafeText.OneLine(problem.GetString()!));
            }
            output.WriteLine(status == 200
                ? $"Generation {view.GetProperty("generation").GetInt32()} serves."
                : $"Not reloaded: generation {view.GetProperty("generation").GetInt32()} goes on serving.");
            return status == 200 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
