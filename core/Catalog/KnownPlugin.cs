namespace Kipuka.Catalog;

/// <summary>A plugin of the book, installed or not.</summary>
/// <param name="Kind">One of <see cref="PluginKinds"/>.</param>
/// <param name="Name">The name that kipuka.toml uses.</param>
/// <param name="Folder">The folder that it comes in.</param>
/// <param name="Tables">What selects it, as a plugin's own declaration says it.</param>
/// <param name="Keys">Keys of it in tables that it shares: with a dot a path from the root, without one a key of a <c>[[ca]]</c>.</param>
/// <param name="ImpliedBy">Keys of a <c>[[ca]]</c> that imply it, as a plugin's own declaration says it.</param>
internal sealed record KnownPlugin(
    string Kind,
    string Name,
    string Folder,
    IReadOnlyList<string> Tables,
    IReadOnlyList<string> Keys,
    IReadOnlyList<string> ImpliedBy);
