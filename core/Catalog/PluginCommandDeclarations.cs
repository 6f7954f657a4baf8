using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>Reads the declared commands and leaves out, with a problem, those that no command could be made of.</summary>
internal static class PluginCommandDeclarations
{
    public static IReadOnlyList<PluginCommandDescription> Read(IEnumerable<AssemblyAttribute> attributes, Action<string> refuse)
    {
        List<PluginCommandDescription> commands = [];
        foreach (var attribute in attributes.Where(attribute => attribute.Type == typeof(PluginCommandAttribute).FullName))
        {
            var command = new PluginCommandDescription(
                attribute.Text(0),
                attribute.Text(1),
                attribute.Text(2),
                attribute.Text(3),
                [.. attribute.Texts(nameof(PluginCommandAttribute.Options)).Select(AdminActionDeclarations.Parameter)],
                attribute.Texts(nameof(PluginCommandAttribute.Examples)));
            if (AdminActionDeclarations.JudgeCommand(command.Command, command.Options) is { } wrong)
            {
                refuse($"declares the command \"{command.Command}\" of {command.Kind}:{command.Name} wrongly: {wrong}");
                continue;
            }
            commands.Add(command);
        }
        return commands;
    }
}
