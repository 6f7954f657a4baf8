using System.Diagnostics.CodeAnalysis;

namespace Kipuka.Config.Toml;

/// <summary>
/// A table, its entries in the order of the document. Its position is that of the header's bracket, of the opening brace,
/// or of the key that implies it. It can be changed, so that old names of keys can be rewritten before settings are bound.
/// </summary>
internal sealed record TomlTable : TomlValue
{
    private readonly OrderedDictionary<string, TomlEntry> _entries;

    public TomlTable(TomlPosition position) : base(position) => _entries = new(StringComparer.Ordinal);

    // What `with` calls: a copy must not share its entries with the original, as both can change.
    private TomlTable(TomlTable original) : base(original) => _entries = new(original._entries, StringComparer.Ordinal);

    public override string TypeName => "table";

    /// <summary>A live view: copy it before changing the table in a loop over it.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries.Values;

    public TomlValue? Find(string key) => _entries.GetValueOrDefault(key)?.Value;

    public bool TryGet(string key, [NotNullWhen(true)] out TomlValue? value) => (value = Find(key)) is not null;

    /// <summary>Replaces the entry in its place, or adds it as the last.</summary>
    public void Set(string key, TomlPosition keyPosition, TomlValue value) => _entries[key] = new TomlEntry(key, keyPosition, value);

    public bool Remove(string key) => _entries.Remove(key);
}
