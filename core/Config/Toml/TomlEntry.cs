namespace Kipuka.Config.Toml;

/// <summary>A key of a table, where it is written, and its value.</summary>
internal sealed record TomlEntry(string Key, TomlPosition KeyPosition, TomlValue Value);
