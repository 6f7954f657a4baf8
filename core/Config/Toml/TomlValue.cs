namespace Kipuka.Config.Toml;

/// <summary>A value and the place where it starts.</summary>
internal abstract record TomlValue(TomlPosition Position)
{
    /// <summary>The type as a message names it: "string", "local date", "table".</summary>
    public abstract string TypeName { get; }

    /// <summary>Names the type and the place, never the value: settings hold secrets, and text ends up in logs.</summary>
    public sealed override string ToString() => $"{TypeName} at {Position}";
}
