using Kipuka.Config.Toml;

namespace Kipuka.Config;

/// <summary>Gathers every problem, so that an operator mends them in one go. Not for concurrent use.</summary>
internal sealed class ConfigProblems
{
    private readonly HashSet<ConfigProblem> found = [];

    public bool HasErrors => found.Any(p => !p.IsWarning);

    /// <summary>By position in the file.</summary>
    public IReadOnlyList<ConfigProblem> All =>
    [
        .. found.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)
            .ThenBy(p => p.Key, StringComparer.Ordinal),
    ];

    /// <summary>The same problem found twice (the core and a plugin may bind the same key) is one problem.</summary>
    public void Add(ConfigProblem problem) => found.Add(problem);

    public void Add(string code, ConfigDocument document, TomlPosition position, string? key, string message, bool isWarning = false)
        => Add(new ConfigProblem(code, document.File, position.Line, position.Column, key, message, isWarning));

    /// <summary>At a path such as <c>ha.group[0].ca_ids[1]</c>; when nothing stands there, at the deepest table on the way.</summary>
    public void Add(string code, ConfigDocument document, string path, string message, bool isWarning = false)
    {
        var (position, written) = document.Locate(path);
        Add(code, document, position, written, message, isWarning);
    }
}
