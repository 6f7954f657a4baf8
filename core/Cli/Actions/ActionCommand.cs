using System.CommandLine;
using Kipuka.Catalog;

namespace Kipuka.Cli.Actions;

/// <summary>A command made of a declared admin action: placeholders of the path become arguments, other parameters options.</summary>
internal sealed class ActionCommand(AdminActionDescription action, Surroundings surroundings)
{
    private readonly AdminOptions options = new(surroundings);

    public Command Build()
    {
        var command = new CliCommand(action.Command.Split(' ')[^1], action.Summary) { Examples = [Example()] };
        var placeholders = ActionCall.Placeholders(action);
        var arguments = placeholders.ToDictionary(name => name, name => new Argument<string>(name.ToUpperInvariant()) { Description = About(name) });
        var parameters = action.Parameters.Where(parameter => !placeholders.Contains(parameter.Name) && !options.Names.Contains(OptionName(parameter.Name)))
            .ToDictionary(parameter => parameter.Name, parameter => SharedOptions.Text(OptionName(parameter.Name), "VALUE", parameter.Help));
        foreach (var argument in arguments.Values)
        {
            command.Add(argument);
        }
        foreach (var option in parameters.Values)
        {
            command.Add(option);
        }
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var values = new Dictionary<string, string>();
            foreach (var (name, argument) in arguments)
            {
                values[name] = parsed.GetRequiredValue(argument);
            }
            foreach (var (name, option) in parameters)
            {
                if (parsed.GetValue(option) is { } value)
                {
                    values[name] = value;
                }
            }
            using var client = options.Open(parsed);
            AnswerText.Write(parsed.InvocationConfiguration.Output, await ActionCall.SendAsync(client, action, values, cancel), options.AsJson(parsed));
        });
        return command;
    }

    private static string OptionName(string parameter) => "--" + parameter.Replace('_', '-');

    private string About(string placeholder) => action.Parameters.FirstOrDefault(parameter => parameter.Name == placeholder)?.Help ?? "";

    private string Example() =>
        string.Join(' ', ["kipuka", action.Command, .. ActionCall.Placeholders(action).Select(name => name.ToUpperInvariant()), "--config kipuka.toml"]);
}
