namespace Kipuka.Sdk;

/// <summary>One call of a plugin's command. Made by the host.</summary>
public abstract class PluginCommandCall
{
    /// <summary>The declared command, such as <c>hsm list</c>.</summary>
    public abstract string Command { get; }

    /// <summary>The options that were given, by the declared name; <c>config</c> when <c>--config</c> was given.</summary>
    public abstract IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>The working folder, which relative paths in options start at.</summary>
    public abstract string Folder { get; }

    /// <summary>The only clock a plugin may read.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>Takes the result.</summary>
    public abstract TextWriter Output { get; }

    /// <summary>Takes what is no result: warnings, progress.</summary>
    public abstract TextWriter Error { get; }

    /// <summary>
    /// Binds a table of the configuration that <c>--config</c> names, or that is found without it. Nothing else of the file is judged.
    /// </summary>
    /// <param name="table">The table's path, such as <c>hsm</c>.</param>
    /// <typeparam name="T">A record as described at <see cref="SettingAttribute"/>.</typeparam>
    /// <returns>The record; its defaults when there is no such table, or no configuration at all.</returns>
    public abstract T Configured<T>(string table)
        where T : class, new();
}
