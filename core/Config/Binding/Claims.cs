using System.Text.RegularExpressions;
using Kipuka.Config.Toml;

namespace Kipuka.Config.Binding;

/// <summary>Which keys of the document somebody wanted, and which names would have been right.</summary>
internal sealed class Claims
{
    // Tables are records, equal by value; here it matters which one it is.
    private readonly Dictionary<TomlTable, Keys> tables = new(ReferenceEqualityComparer.Instance);

    public void Claim(TomlTable table, string key)
    {
        Of(table).Claimed.Add(key);
        Of(table).Known.Add(key);
    }

    /// <summary>A table that somebody binds, though perhaps nothing in it is wanted: its keys are judged one by one.</summary>
    public void Visit(TomlTable table) => Of(table);

    public void Know(TomlTable table, string key) => Of(table).Known.Add(key);

    /// <summary>Knows each step of a path from the root, as far as the tables stand there.</summary>
    public void KnowPath(TomlTable root, string path)
    {
        TomlValue? value = root;
        foreach (var (key, index) in ConfigPath.Steps(path))
        {
            if (value is TomlTable table) Know(table, key);
            value = index is { } i ? (value as TomlArray)?.Items.ElementAtOrDefault(i) : (value as TomlTable)?.Find(key);
        }
    }

    public void ClaimAll(TomlTable root, OwnTable own)
    {
        KnowPath(root, own.Path);
        Of(own.Table).All = true;
    }

    public void ReportUnknown(ConfigDocument document, ConfigProblems problems) => Report(document, problems, document.Root, "");

    private void Report(ConfigDocument document, ConfigProblems problems, TomlTable table, string path)
    {
        var keys = tables.GetValueOrDefault(table);
        if (keys is { All: true }) return;
        foreach (var entry in table.Entries)
        {
            var here = ConfigPath.Combine(path, entry.Key);
            var inner = Inner(entry.Value, here).ToList();
            if (inner.Any(t => IsWanted(t.Table)))
            {
                foreach (var own in inner) Report(document, problems, own.Table, own.Path);
            }
            else if (keys?.Claimed.Contains(entry.Key) != true)
            {
                problems.Add("unknown-key", document, entry.KeyPosition, document.WrittenAs(entry, here),
                    NearestName.Propose(entry.Key, Known(keys, path)));
            }
        }
    }

    // A table that was bound, or that holds one: [transport] for the sake of [transport.coap].
    private bool IsWanted(TomlTable table) =>
        tables.ContainsKey(table) || table.Entries.Any(e => Inner(e.Value, "").Any(t => IsWanted(t.Table)));

    private static IEnumerable<OwnTable> Inner(TomlValue value, string path) => value switch
    {
        TomlTable table => [new OwnTable(table, path)],
        TomlArray array => array.Items.Select((item, i) => (item, i)).Where(x => x.item is TomlTable)
            .Select(x => new OwnTable((TomlTable)x.item, ConfigPath.Item(path, x.i))),
        _ => [],
    };

    private static IEnumerable<string> Known(Keys? keys, string path)
        => (keys?.Known ?? []).Concat(Aliases.Of(Regex.Replace(path, @"\[\d+\]$", "[]"))).Distinct();

    private Keys Of(TomlTable table)
    {
        if (!tables.TryGetValue(table, out var keys)) tables[table] = keys = new Keys();
        return keys;
    }

    private sealed class Keys
    {
        public HashSet<string> Claimed { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

        public bool All { get; set; }
    }
}
