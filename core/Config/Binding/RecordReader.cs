using System.Collections;
using Kipuka.Config.Toml;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>Reads records, lists and dictionaries, down to single values.</summary>
internal sealed class RecordReader(BindingContext context, Claims claims)
{
    private readonly ScalarReader scalars = new(context);
    private readonly FileReader files = new(context);

    /// <summary>What could not be bound keeps its default, or null where it has none; <see cref="BindingContext.Failed"/> tells.</summary>
    public object ReadRecord(Type record, IReadOnlyList<OwnTable> own, string name)
    {
        foreach (var table in own) claims.Visit(table.Table);
        var instance = Activator.CreateInstance(record)!;
        var settings = SettingProperty.Of(record).Select(setting => (Setting: setting, Found: Find(setting, own))).ToList();
        var replaced = settings.Where(entry => entry.Found is { IsDefault: false }).Select(entry => entry.Setting.Rules.Group).OfType<string>().ToHashSet();
        foreach (var (setting, anywhere) in settings)
        {
            var isReplaced = anywhere is { IsDefault: true } && setting.Rules.Group is { } group && replaced.Contains(group);
            if (anywhere is not { } found || isReplaced)
            {
                if (setting.IsRequired) ReportMissing(setting, own);
                continue;
            }

            var site = new Site(found.Path, ConfigPath.Combine(name, setting.Property.Name), found.Entry.Value.Position, setting.Rules);
            if (Read(setting.Property.PropertyType, found.Entry.Value, site, out var value)) setting.Property.SetValue(instance, value);
        }

        return instance;
    }

    /// <summary>
    /// Finds a setting under each of its names, in each of its tables. All are claimed, so that a second one is no unknown key too.
    /// </summary>
    private Found? Find(SettingProperty setting, IReadOnlyList<OwnTable> own)
    {
        List<Found> all = [];
        foreach (var name in setting.Names)
        {
            if (name.Contains('.'))
            {
                var (table, key) = ConfigPath.SplitLast(name);
                claims.KnowPath(context.Document.Root, name);
                if (context.Document.Table(table) is { } there) Add(there, key, isDefault: false);
            }
            else
            {
                foreach (var table in own) Add(table, name, isDefault: !IsNested(table.Path, own[0].Path));
            }
        }

        var first = all.FirstOrDefault(f => !f.IsDefault) ?? all.FirstOrDefault();
        foreach (var other in all.Where(f => f != first && f.IsDefault == first!.IsDefault))
        {
            context.Fail("duplicate-key", other.Entry.KeyPosition, other.Path,
                $"means the same as {first!.Path} in line {first.Entry.KeyPosition.Line}; keep one of the two");
        }

        return first;

        void Add(OwnTable table, string key, bool isDefault)
        {
            claims.Know(table.Table, key);
            if (table.Table.Entries.FirstOrDefault(e => e.Key == key) is not { } entry || all.Any(f => ReferenceEquals(f.Entry, entry)))
            {
                return;
            }

            claims.Claim(table.Table, key);
            all.Add(new Found(entry, context.Document.WrittenAs(entry, ConfigPath.Combine(table.Path, key)), isDefault));
        }
    }

    private static bool IsNested(string path, string within) =>
        path == within
        || path.StartsWith(within + ".", StringComparison.Ordinal)
        || within.StartsWith(path + ".", StringComparison.Ordinal);

    private void ReportMissing(SettingProperty setting, IReadOnlyList<OwnTable> own)
    {
        var path = setting.Key.Contains('.') ? setting.Key : ConfigPath.Combine(own.Count > 0 ? own[0].Path : "", setting.Key);
        context.Fail("missing-key", context.Document.Locate(path).Position, path, "is missing, and has no default");
    }

    private bool Read(Type type, TomlValue value, Site site, out object? result)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ScalarReader.Knows(type)) return scalars.Read(type, value, site, out result);
        if (FileReader.Knows(type)) return files.Read(type, value, site, out result);
        if (Argument(type, typeof(IReadOnlyList<>), 0) is { } item) return ReadList(item, value, site, out result);
        if (Argument(type, typeof(IReadOnlyDictionary<,>), 1) is { } inner) return ReadDictionary(inner, value, site, out result);
        if (!type.IsClass || type.IsAbstract)
        {
            throw new NotSupportedException($"{site.Name}: settings cannot have the type {type}; see SettingAttribute");
        }

        result = null;
        if (value is not TomlTable table) return context.WrongType(site, value, "a table");
        context.Hash.Add(site.Name, "table");
        result = ReadRecord(type, [new OwnTable(table, site.Path)], site.Name);
        return true;
    }

    private bool ReadList(Type item, TomlValue value, Site site, out object? result)
    {
        result = null;
        var single = item == typeof(string) || FileReader.Knows(item);
        var expected = single ? "a string or an array of strings" : ScalarReader.Knows(item) ? "an array" : "an array of tables";
        IReadOnlyList<TomlValue> values;
        if (value is TomlArray array) values = array.Items;
        else if (single && value is TomlString) values = [value];
        else return context.WrongType(site, value, expected);

        var wrong = Bounds.Check(site.Rules, values.Count, n => $"{Bounds.Number(n)} entries");
        if (wrong is not null) return context.Fail("bad-value", site, wrong);
        context.Hash.Add(site.Name, $"list {values.Count}");
        var list = Array.CreateInstance(item, values.Count);
        var each = new SettingAttribute { OneOf = site.Rules.OneOf }; // Min and Max are the list's
        var fine = true;
        for (var i = 0; i < values.Count; i++)
        {
            var at = (value is TomlArray ? site.Item(i, values[i]) : site) with { Rules = each };
            if (Read(item, values[i], at, out var one)) list.SetValue(one, i);
            else fine = false;
        }

        result = fine ? list : null;
        return fine;
    }

    private bool ReadDictionary(Type inner, TomlValue value, Site site, out object? result)
    {
        result = null;
        if (value is not TomlTable table) return context.WrongType(site, value, "a table");
        context.Hash.Add(site.Name, $"dictionary {table.Entries.Count}");
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), inner))!;
        var fine = true;
        foreach (var entry in table.Entries)
        {
            // The limits are meant for the values: a table with free keys has no length worth limiting.
            if (Read(inner, entry.Value, site.Inner(entry), out var one)) dictionary.Add(entry.Key, one);
            else fine = false;
        }

        result = fine ? dictionary : null;
        return fine;
    }

    private static Type? Argument(Type type, Type generic, int index) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments()[index] : null;

    private sealed record Found(TomlEntry Entry, string Path, bool IsDefault);
}
