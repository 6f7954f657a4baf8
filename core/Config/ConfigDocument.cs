using Kipuka.Config.Toml;

namespace Kipuka.Config;

/// <summary>kipuka.toml, read and parsed, with the core's old spellings rewritten to the canonical ones.</summary>
internal sealed class ConfigDocument
{
    private const int MaxBytes = 4 << 20;

    private readonly Dictionary<TomlPosition, string> written = [];

    private ConfigDocument(string path, TomlTable root)
    {
        File = path;
        Folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        Root = root;
    }

    /// <summary>As the operator named it, for messages.</summary>
    public string File { get; }

    /// <summary>Where relative paths start (ruling 7).</summary>
    public string Folder { get; }

    public TomlTable Root { get; }

    /// <returns>Null, with a problem, when the file cannot be read or is not TOML.</returns>
    public static ConfigDocument? Load(string path, ConfigProblems problems)
    {
        try
        {
            if (Directory.Exists(path))
            {
                problems.Add(new("bad-file", path, 0, 0, null, "is a folder; name kipuka.toml in it with --config"));
                return null;
            }

            if (Read(path) is not { } bytes)
            {
                problems.Add(new("bad-file", path, 0, 0, null, "is larger than 4 MiB; name kipuka.toml with --config"));
                return null;
            }

            return Parse(bytes, path, problems);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new("missing-file", path, 0, 0, null, "does not exist; name another with --config, or make one with kipuka init"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new("bad-file", path, 0, 0, null, $"cannot be read: {e.Message}"));
        }

        return null;
    }

    // Not by the file's length: a configuration may come through a pipe.
    private static byte[]? Read(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        var buffer = new byte[MaxBytes + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > MaxBytes ? null : buffer[..length];
    }

    /// <param name="path">Where the text is from; it need not exist.</param>
    public static ConfigDocument? Parse(ReadOnlySpan<byte> utf8, string path, ConfigProblems problems)
    {
        try
        {
            var document = new ConfigDocument(path, TomlReader.Read(utf8, path));
            Aliases.Apply(document, problems);
            return document;
        }
        catch (TomlException e)
        {
            problems.Add(new("syntax", path, e.Line, e.Column, null, e.Message));
            return null;
        }
    }

    /// <summary>The table at a path such as <c>tls.client_auth</c> or <c>ca[0].file</c>; null when none stands there.</summary>
    public OwnTable? Table(string path) => Value(path) is TomlTable table ? new(table, path) : null;

    /// <summary>
    /// The tables of an array such as <c>ca</c> (from <c>[[ca]]</c> headers) or <c>est.label</c>; none when it is not one.
    /// </summary>
    public IReadOnlyList<OwnTable> Tables(string path) => Value(path) is TomlArray array
        ? [.. array.Items.Select((item, i) => (Item: item as TomlTable, Index: i)).Where(x => x.Item is not null)
            .Select(x => new OwnTable(x.Item!, ConfigPath.Item(path, x.Index)))]
        : [];

    /// <summary>What stands at a path; null for nothing.</summary>
    public TomlValue? Value(string path)
    {
        TomlValue? value = Root;
        foreach (var (key, index) in ConfigPath.Steps(path))
        {
            value = index is { } i
                ? (value as TomlArray)?.Items.ElementAtOrDefault(i)
                : (value as TomlTable)?.Find(key);
        }

        return value;
    }

    /// <summary>
    /// Where a path is, and how the operator wrote it; for a key that is missing, the position of the table that lacks it.
    /// </summary>
    public (TomlPosition Position, string Path) Locate(string path)
    {
        TomlValue? value = Root;
        var position = Root.Position;
        var shown = "";
        foreach (var (key, index) in ConfigPath.Steps(path))
        {
            var entry = (value as TomlTable)?.Entries.FirstOrDefault(e => e.Key == key);
            shown = index is { } at ? ConfigPath.Item(shown, at)
                : entry is not null ? WrittenAs(entry, ConfigPath.Combine(shown, key))
                : ConfigPath.Combine(shown, key);
            value = index is { } i ? (value as TomlArray)?.Items.ElementAtOrDefault(i) : entry?.Value;
            position = value?.Position ?? position;
        }

        return (position, shown);
    }

    /// <summary>The path that the operator wrote for an entry: another one than where it stands now when it was an old spelling.</summary>
    public string WrittenAs(TomlEntry entry, string path) => written.GetValueOrDefault(entry.KeyPosition, path);

    /// <summary>Remembers how an entry was written before it was moved.</summary>
    public void Remember(TomlPosition key, string path) => written[key] = path;
}
