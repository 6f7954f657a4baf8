namespace Kipuka.Config.Toml.Reading;

/// <summary>One name of a dotted key.</summary>
internal readonly record struct KeyPart(string Text, TomlPosition Position);
