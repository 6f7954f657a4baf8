using Kipuka.Config.Binding;

namespace Kipuka.Config.Checks;

/// <summary>What the checks across keys find.</summary>
internal sealed class CheckReport(ConfigDocument document, ConfigProblems problems, Func<string, string?> environment)
{
    public bool Failed { get; private set; }

    public string Folder => document.Folder;

    public bool Has(string path) => document.Value(path) is not null;

    /// <summary>The text that stands at a path; null where there is none.</summary>
    public string? Text(string path) => (document.Value(path) as Toml.TomlString)?.Value;

    public string? Variable(string name) => environment(name);

    public void Fail(string code, string path, string message)
    {
        Failed = true;
        problems.Add(code, document, path, message);
    }

    public void Warn(string code, string path, string message) => problems.Add(code, document, path, message, isWarning: true);

    /// <summary>A name that nothing has.</summary>
    /// <param name="path">The key that holds it.</param>
    /// <param name="what">What it should name: <c>CA</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="known">The names there are.</param>
    public void Dangling(string path, string what, string name, IReadOnlyCollection<string> known)
    {
        var help = NearestName.Find(name, known) is { } nearest ? $"did you mean {nearest}?"
            : known.Count == 0 ? "there is none" : $"there are {string.Join(", ", known)}";
        Fail("dangling-reference", path, $"names no {what}; {help}");
    }

    /// <summary>Names that must differ.</summary>
    public void Distinct(string what, IEnumerable<(string? Name, string Path)> names)
    {
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        foreach (var (name, path) in names)
        {
            if (name is null || seen.TryAdd(name, path)) continue;
            Fail("duplicate-name", path,
                $"is the name of the {what} in line {document.Locate(seen[name]).Position.Line} too; give each its own");
        }
    }

    /// <summary>Every element of a list with its path; a single value instead of an array is at the key itself.</summary>
    public IEnumerable<(string Value, string Path)> Items(IReadOnlyList<string>? list, string path) =>
        (list ?? []).Select((value, i) => (value, document.Value(path) is Toml.TomlArray ? ConfigPath.Item(path, i) : path));
}
