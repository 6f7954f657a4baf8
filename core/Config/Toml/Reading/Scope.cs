namespace Kipuka.Config.Toml.Reading;

/// <summary>A table that takes keys at this moment, and how many tables and arrays lead to it.</summary>
internal readonly record struct Scope(TomlTable Table, int Depth);
