namespace Kipuka.Catalog;

/// <summary>One declared command of a plugin, so that help texts need no code of it.</summary>
/// <param name="Kind">The kind of the plugin that carries it out.</param>
/// <param name="Name">The name of the plugin that carries it out.</param>
/// <param name="Command">The words after <c>kipuka</c>.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Options">In the order of their declaration.</param>
/// <param name="Examples">Whole command lines.</param>
internal sealed record PluginCommandDescription(
    string Kind, string Name, string Command, string Summary, IReadOnlyList<ActionParameter> Options, IReadOnlyList<string> Examples);
