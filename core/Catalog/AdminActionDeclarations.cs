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
                [.. attribute.Texts(nameof(AdminActionAttribute.Parameters)).Select(Parameter)]);
            if (Judge(action) is { } wrong)
            {
                refuse($"declares the admin action \"{action.Command}\" of {action.Kind}:{action.Name} wrongly: {wrong}");
                continue;
            }
            actions.Add(action);
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
            : JudgeCommand(action.Command, action.Parameters);

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

    [GeneratedRegex("^[a-z0-9_]+\\z", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterPattern();
}
