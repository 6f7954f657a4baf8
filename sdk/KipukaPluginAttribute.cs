namespace Kipuka.Sdk;

/// <summary>Declares a plugin. This is the whole manifest: the host reads it from the assembly's metadata without running any code of it.</summary>
/// <param name="kind">The contract's word: <c>ca</c>, <c>auth</c>, <c>transport</c>, <c>ha</c> or <c>audit</c>.</param>
/// <param name="name">The name that kipuka.toml uses, <c>[a-z0-9-]{1,32}</c>, unique within the kind.</param>
/// <param name="plugin">A public class that derives from <see cref="Plugin{TService, TSettings}"/> and has a parameterless constructor.</param>
/// <remarks>
/// An assembly may declare several plugins. Without <see cref="Tables"/> a plugin is selected by <c>[auth.NAME]</c>,
/// <c>[transport.NAME]</c> or <c>[audit.NAME]</c>, a CA by <c>[[ca]] type = "NAME"</c>, a strategy by <c>strategy = "NAME"</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class KipukaPluginAttribute(string kind, string name, Type plugin) : Attribute
{
    /// <summary>The contract's word.</summary>
    public string Kind => kind;

    /// <summary>The name that kipuka.toml uses.</summary>
    public string Name => name;

    /// <summary>The plugin's class.</summary>
    public Type Plugin => plugin;

    /// <summary>
    /// Further tables or single keys of kipuka.toml that select the plugin: <c>otp</c>, <c>tls.client_auth</c>, <c>audit.file</c>. The first
    /// one that stands there is the plugin's table; for a single key it is the table that holds the key.
    /// </summary>
    public string[] Tables { get; init; } = [];

    /// <summary>
    /// For a CA without <c>type</c>: keys that imply this plugin, as <c>key</c> or <c>key=prefix*</c> (<c>hsm_slot</c>, <c>key=pkcs11:*</c>).
    /// </summary>
    public string[] ImpliedBy { get; init; } = [];
}
