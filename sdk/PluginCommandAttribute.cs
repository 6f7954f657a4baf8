namespace Kipuka.Sdk;

/// <summary>
/// Declares a command that a plugin adds to the command line and carries out on the spot, without a server: to look at a device, to make a key.
/// Read without running code, so that <c>kipuka --help</c> shows it. The plugin's class carries it out by implementing
/// <see cref="IPluginCommands"/>. What concerns a running server is an <see cref="AdminActionAttribute"/> instead.
/// </summary>
/// <param name="kind">The kind of the plugin that the command belongs to.</param>
/// <param name="name">The name of the plugin that the command belongs to.</param>
/// <param name="command">The words after <c>kipuka</c>, one to three: <c>hsm list</c>.</param>
/// <param name="summary">One sentence for help texts.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class PluginCommandAttribute(string kind, string name, string command, string summary) : Attribute
{
    /// <summary>The kind of the plugin that the command belongs to.</summary>
    public string Kind => kind;

    /// <summary>The name of the plugin that the command belongs to.</summary>
    public string Name => name;

    /// <summary>The words of the command, which also identify it in <see cref="PluginCommandCall.Command"/>.</summary>
    public string Command => command;

    /// <summary>One sentence for people.</summary>
    public string Summary => summary;

    /// <summary>The options as <c>name: what it is</c>, each with one text as its value: <c>pin_env</c> becomes <c>--pin-env</c>. <c>config</c> is always there.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Whole command lines for the help text.</summary>
    public string[] Examples { get; init; } = [];
}
