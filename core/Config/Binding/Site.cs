using Kipuka.Config.Toml;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>One value that is being bound.</summary>
/// <param name="Path">Its path in kipuka.toml, for messages.</param>
/// <param name="Name">Its path within the settings record, for the hash: there the table's place in the file must not count.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Rules">Its limits.</param>
internal readonly record struct Site(string Path, string Name, TomlPosition Position, SettingAttribute Rules)
{
    public Site Item(int index, TomlValue value) =>
        this with { Path = ConfigPath.Item(Path, index), Name = ConfigPath.Item(Name, index), Position = value.Position };

    public Site Inner(TomlEntry entry) =>
        this with
        {
            Path = ConfigPath.Combine(Path, entry.Key),
            Name = ConfigPath.Combine(Name, entry.Key),
            Position = entry.Value.Position,
        };
}
