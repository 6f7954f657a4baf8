using Kipuka.Config.Toml;

namespace Kipuka.Config;

/// <summary>A table that settings are bound from.</summary>
/// <param name="Table">What stands there.</param>
/// <param name="Path">Its path as people write it: <c>otp</c>, <c>ca[2]</c>, <c>ca[2].file</c>.</param>
internal sealed record OwnTable(TomlTable Table, string Path);
