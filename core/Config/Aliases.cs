using Kipuka.Config.Binding;
using Kipuka.Config.Toml;

namespace Kipuka.Config;

/// <summary>
/// Every other spelling of the core's keys, rewritten before anything is bound, so that nothing else has to know it. What a plugin's keys
/// are also called stands in the plugin's own settings record.
/// </summary>
internal static class Aliases
{
    // From the path that people write to the canonical one. [] is every table of an array.
    private static readonly (string Old, string New)[] Moves =
    [
        ("server.tls_cert", "tls.cert"), // ruling 17
        ("server.tls_key", "tls.key"),
        ("tls.client_auth.client_ca", "tls.client_auth.trust_anchors"), // ruling 10
        ("admin.listen", "server.admin_listen"), // ruling 2
        ("admin.client_ca", "admin.trust_anchors"), // ruling 3
        ("admin.tls.cert", "admin.cert"),
        ("admin.tls.key", "admin.key"),
        ("admin.tls.client_ca", "admin.trust_anchors"),
        ("admin.tls.trust_anchors", "admin.trust_anchors"),
        ("admin.tls.mode", "admin.mode"),
        ("admin.client_auth.mode", "admin.mode"),
        ("admin.client_auth.client_ca", "admin.trust_anchors"),
        ("admin.client_auth.trust_anchors", "admin.trust_anchors"),
        ("admin.bearer_token.tokens", "admin.tokens"),
        ("ca[].backend", "ca[].type"), // ruling 13
        ("ca[].default_validity_days", "ca[].validity_days"),
        ("ca[].key_usage", "ca[].default_key_usage"),
        ("est.label[].dogtag_profile", "est.label[].profile"), // ruling 16
        ("est.label[].client_ca", "est.label[].trust_anchors"),
        ("est.ra.client_ca", "est.ra.trust_anchors"),
        ("ha.group[].load_balancing", "ha.group[].strategy"), // ruling 21
        ("ha.group[].check_interval", "ha.group[].health_check_interval"),
        ("ha.group[].check_timeout", "ha.group[].timeout"),
    ];

    // Tables that are nothing but spellings: once their keys have moved nothing may be left in them.
    private static readonly string[] Shapes = ["admin.tls", "admin.client_auth", "admin.bearer_token"];

    public static void Apply(ConfigDocument document, ConfigProblems problems)
    {
        DropDisabledTokens(document, problems);
        WidenSwitch(document, "serverkeygen");
        WidenSwitch(document, "renewal_info");
        foreach (var table in document.Tables("ca").Concat(document.Tables("est.label"))) WidenPolicies(table.Table);
        foreach (var (old, canonical) in Moves)
        {
            var (from, to) = (ConfigPath.SplitLast(old), ConfigPath.SplitLast(canonical));
            foreach (var source in Expand(document, from.Table))
            {
                var target = from.Table == to.Table ? source.Path : to.Table;
                Move(document, problems, source, from.Key, target, to.Key);
            }
        }

        foreach (var shape in Shapes) Remove(document, problems, shape);
    }

    /// <summary>The other spellings of the keys of a table, which are right names too.</summary>
    /// <param name="table">A path in which indexes are empty: <c>ca[]</c>.</param>
    public static IEnumerable<string> Of(string table)
        => Moves.Select(m => ConfigPath.SplitLast(m.Old)).Where(o => o.Table == table).Select(o => o.Key);

    private static IEnumerable<OwnTable> Expand(ConfigDocument document, string table) =>
        table.EndsWith("[]", StringComparison.Ordinal) ? document.Tables(table[..^2]) : document.Table(table) is { } one ? [one] : [];

    private static void Move(
        ConfigDocument document, ConfigProblems problems, OwnTable source, string oldKey, string targetPath, string newKey)
    {
        if (source.Table.Entries.FirstOrDefault(e => e.Key == oldKey) is not { } entry) return;
        if (TableAt(document, targetPath, entry) is not { } target) return; // the binder says that what stands there is no table
        var written = ConfigPath.Combine(source.Path, oldKey);
        source.Table.Remove(oldKey);
        if (target.Entries.FirstOrDefault(e => e.Key == newKey) is { } other)
        {
            var otherPath = document.WrittenAs(other, ConfigPath.Combine(targetPath, newKey));
            problems.Add("duplicate-key", document, entry.KeyPosition, written,
                $"means the same as {otherPath} in line {other.KeyPosition.Line}; keep one of the two");
            return;
        }

        document.Remember(entry.KeyPosition, written);
        target.Set(newKey, entry.KeyPosition, entry.Value);
    }

    private static TomlTable? TableAt(ConfigDocument document, string path, TomlEntry entry)
    {
        if (document.Value(path) is { } there) return there as TomlTable;
        var (_, key) = ConfigPath.SplitLast(path); // only tables of the root are ever made: [server] and [tls]
        var made = new TomlTable(entry.KeyPosition);
        document.Root.Set(key, entry.KeyPosition, made);
        return made;
    }

    // serverkeygen = true (the book) is a table with nothing but its switch; a table that does not say otherwise is switched on.
    private static void WidenSwitch(ConfigDocument document, string key)
    {
        if (document.Table("est")?.Table is not { } est || est.Entries.FirstOrDefault(e => e.Key == key) is not { } entry) return;
        if (entry.Value is TomlTable table)
        {
            if (table.Find("enabled") is null) table.Set("enabled", entry.KeyPosition, new TomlBoolean(true, entry.KeyPosition));
        }
        else if (entry.Value is TomlBoolean)
        {
            var made = new TomlTable(entry.KeyPosition);
            made.Set("enabled", entry.KeyPosition, entry.Value);
            document.Remember(entry.KeyPosition, $"est.{key}");
            est.Set(key, entry.KeyPosition, made);
        }
    }

    // An OID in certificate_policies is a table with nothing but its oid.
    private static void WidenPolicies(TomlTable table)
    {
        if (table.Entries.FirstOrDefault(e => e.Key == "certificate_policies") is not { Value: TomlArray array } entry) return;
        table.Set(entry.Key, entry.KeyPosition, array with { Items = [.. array.Items.Select(Widen)] });

        static TomlValue Widen(TomlValue item)
        {
            if (item is not TomlString) return item;
            var made = new TomlTable(item.Position);
            made.Set("oid", item.Position, item);
            return made;
        }
    }

    // [admin.bearer_token] enabled = false: the tokens are kept for later, not in force.
    private static void DropDisabledTokens(ConfigDocument document, ConfigProblems problems)
    {
        if (document.Table("admin.bearer_token") is not { } own || own.Table.Find("enabled") is not { } enabled) return;
        own.Table.Remove("enabled");
        if (enabled is TomlBoolean { Value: false }) own.Table.Remove("tokens");
        if (enabled is TomlBoolean) return;
        problems.Add("wrong-type", document, enabled.Position, "admin.bearer_token.enabled",
            $"is a {enabled.TypeName}, but must be true or false");
    }

    private static void Remove(ConfigDocument document, ConfigProblems problems, string shape)
    {
        if (document.Table(shape) is not { } own) return;
        foreach (var entry in own.Table.Entries)
        {
            IEnumerable<string> known = shape == "admin.bearer_token" ? [.. Of(shape), "enabled"] : Of(shape);
            problems.Add("unknown-key", document, entry.KeyPosition, ConfigPath.Combine(shape, entry.Key),
                NearestName.Propose(entry.Key, known));
        }

        var (parent, key) = ConfigPath.SplitLast(shape);
        document.Table(parent)!.Table.Remove(key);
    }
}
