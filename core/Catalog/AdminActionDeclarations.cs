using System.Text.Json;
using System.Text.RegularExpressions;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>Reads the declared admin actions and leaves out, with a problem, those that no route or command could be made of.</summary>
internal static partial class AdminActionDeclarations
{
    public static IReadOnlyList<AdminActionDescription> Read(IEnumerable<AssemblyAttribute> attributes, Action<string> refuse)
    {
        List<AdminActionDescription> actions = [];
        foreach (var attribute in attributes.Where(attribute => attribute.Type == typeof(AdminActionAttribute).FullName))
        {
            var action = new AdminActionDescription(
                attribute.Text(0),
                attribute.Text(1),
                attribute.Text(2),
                attribute.Text(3),
                attribute.Text(4),
                attribute.Text(5),
                [.. attribute.Texts(nameof(AdminActionAttribute.Parameters)).Select(Parameter)])
            {
                LabelParameters = attribute.Texts(nameof(AdminActionAttribute.LabelParameters)),
                Answers = [.. attribute.Texts(nameof(AdminActionAttribute.Answers)).Select(Parameter)],
                AnswerSchema = attribute.Named(nameof(AdminActionAttribute.AnswerSchema)),
            };
            IEnumerable<AdminActionDescription> places = [action, .. attribute.Texts(nameof(AdminActionAttribute.AlsoAt)).Select(path => action with { Path = path })];
            foreach (var place in places)
            {
                if (Judge(place) is { } wrong)
                {
                    refuse($"declares the admin action \"{action.Command}\" of {action.Kind}:{action.Name} wrongly: {wrong}");
                    break;
                }
                actions.Add(place);
            }
        }
        return actions;
    }

    public static ActionParameter Parameter(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new ActionParameter(text.Trim(), "") : new ActionParameter(text[..colon].Trim(), text[(colon + 1)..].Trim());
    }

    private static string? Judge(AdminActionDescription action)
        => action.Method is not ("GET" or "POST" or "DELETE") ? $"the method is GET, POST or DELETE, not \"{action.Method}\""
            : !PathPattern().IsMatch(action.Path) ? $"the path \"{action.Path}\" is not made of words and {{placeholders}} with slashes between them"
            : action.Answers.FirstOrDefault(answer => !AnswerPattern().IsMatch(answer.Name)) is { } answer
                ? $"the answer \"{answer.Name}\" must be a status from 200 to 499 before its colon"
            : action.LabelParameters.FirstOrDefault(name => action.Parameters.All(parameter => parameter.Name != name)) is { } label
                ? $"the label parameter \"{label}\" is none of its parameters"
            : !IsSchema(action.AnswerSchema) ? "the schema of the answer is no JSON object"
            : JudgeCommand(action.Command, action.Parameters);

    private static bool IsSchema(string text)
    {
        if (text.Length == 0)
        {
            return true;
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <returns>Why no command can be made of it; null when one can.</returns>
    public static string? JudgeCommand(string command, IReadOnlyList<ActionParameter> parameters)
        => !CommandPattern().IsMatch(command) ? "the command is one to three words of a-z, 0-9 and -"
            : parameters.FirstOrDefault(parameter => !ParameterPattern().IsMatch(parameter.Name)) is { } parameter
                ? $"the parameter \"{parameter.Name}\" must be a word of a-z, 0-9 and _ before its colon"
            : null;

    [GeneratedRegex("^([a-z0-9-]+|\\{[a-z0-9_]+\\})(/([a-z0-9-]+|\\{[a-z0-9_]+\\}))*\\z", RegexOptions.NonBacktracking)]
    private static partial Regex PathPattern();

    [GeneratedRegex("^[a-z0-9-]+( [a-z0-9-]+){0,2}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex CommandPattern();

    [GeneratedRegex("^[2-4][0-9][0-9]\\z", RegexOptions.NonBacktracking)]
    private static partial Regex AnswerPattern();

    [GeneratedRegex("^[a-z0-9_]+\\z", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterPattern();
}
