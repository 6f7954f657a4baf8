namespace Kipuka.Catalog;

/// <summary>What a plugin says of itself in its assembly's attributes; read without running any code of it.</summary>
/// <param name="Kind">One of <see cref="PluginKinds"/>.</param>
/// <param name="Name">The name that kipuka.toml uses, unique within the kind.</param>
/// <param name="Folder">The full path of its folder.</param>
/// <param name="AssemblyFile">The assembly's file name within the folder.</param>
/// <param name="TypeName">The class to make; a nested one as <c>Outer+Inner</c>.</param>
/// <param name="Version">The assembly's version.</param>
/// <param name="SdkVersion">The version of the SDK that it was compiled with.</param>
/// <param name="Tables">Tables or single keys of kipuka.toml that select it, besides <c>[kind.name]</c>.</param>
/// <param name="ImpliedBy">Keys of a <c>[[ca]]</c> without <c>type</c> that select it.</param>
/// <param name="Actions">What it adds to the admin API and to the command line.</param>
/// <param name="Hash">SHA-256, in hex, over the folder's <c>sha256sum</c> lines: see <see cref="PluginFolder.Hash"/>.</param>
internal sealed record PluginDescription(
    string Kind,
    string Name,
    string Folder,
    string AssemblyFile,
    string TypeName,
    Version Version,
    Version SdkVersion,
    IReadOnlyList<string> Tables,
    IReadOnlyList<string> ImpliedBy,
    IReadOnlyList<AdminActionDescription> Actions,
    string Hash)
{
    /// <summary>What it adds to the command line and carries out without a server.</summary>
    public IReadOnlyList<PluginCommandDescription> Commands { get; init; } = [];
}
