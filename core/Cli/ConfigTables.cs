using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary>
/// Single tables of kipuka.toml, for commands that need no more: none of the files it names is read, so that an operator who may not read
/// the CA's key can still use them.
/// </summary>
internal sealed class ConfigTables
{
    private readonly ConfigProblems problems = new();
    private readonly SettingsBinder binder;

    public ConfigTables(Surroundings surroundings, string file)
    {
        File = file;
        Folder = Path.GetDirectoryName(surroundings.FullPath(file))!;
        var document = ConfigDocument.Load(surroundings.FullPath(file), problems) ?? throw Wrong();
        binder = new SettingsBinder(document, problems, surroundings.Variable);
    }

    public string File { get; }

    public string Folder { get; }

    /// <summary>A table's record; its defaults when the table does not stand there.</summary>
    public T Bind<T>(string table)
        where T : class, new() =>
        binder.Document.Table(table) is { } own ? binder.Bind<T>([own]) ?? throw Wrong() : new T();

    private CliException Wrong() => CliException.Usage(string.Join('\n', problems.All.Select(problem => SafeText.Cell(problem.Text))));
}
