using System.Text;
using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config;

/// <summary>A configuration, read as the server reads it, with no plugin installed.</summary>
internal sealed record Checked(KipukaConfig? Config, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>What a configuration needs at least, so that a test can speak of one thing only.</summary>
    public const string Base = """
        [tls.client_auth]
        [[ca]]
        id = "one"

        """;

    public IEnumerable<ConfigProblem> Errors => Problems.Where(p => !p.IsWarning);

    public static Checked Minimal(string toml, params (string Name, string Value)[] environment) => Of(Base + toml, environment);

    public static Checked Of(string toml, params (string Name, string Value)[] environment)
    {
        var problems = new ConfigProblems();
        var document = ConfigDocument.Parse(Encoding.UTF8.GetBytes(toml), "/etc/test/kipuka.toml", problems);
        return document is null ? new Checked(null, problems.All) : Bind(document, problems, environment);
    }

    public static Checked File(string path)
    {
        var problems = new ConfigProblems();
        return ConfigDocument.Load(path, problems) is { } document ? Bind(document, problems, []) : new Checked(null, problems.All);
    }

    /// <summary>The lines after those of <see cref="Base"/>, numbered from 1, without the file's name.</summary>
    public IEnumerable<string> Texts => Problems.Select(p => (p with { File = "f", Line = p.Line - 3 }).Text[2..]);

    public void HasOnly(string code, string key, string message)
    {
        var error = Assert.Single(Errors);
        Assert.Equal((code, key), (error.Code, error.Key));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Null(Config);
    }

    public KipukaConfig IsFine()
    {
        Assert.Empty(Errors.Select(p => p.Text));
        return Assert.IsType<KipukaConfig>(Config);
    }

    private static Checked Bind(ConfigDocument document, ConfigProblems problems, (string Name, string Value)[] environment)
    {
        var binder = new SettingsBinder(document, problems, name => environment.FirstOrDefault(e => e.Name == name).Value);
        var config = CoreConfig.Bind(binder);
        foreach (var plugin in KnownPlugins()) ClaimKeys(binder, plugin);
        binder.ReportUnknownKeys();
        return new Checked(problems.HasErrors ? null : config, problems.All);
    }

    private static IEnumerable<TomlTable> KnownPlugins()
    {
        var file = Path.Combine(Repository, "plugins", "known.toml");
        return ((TomlArray)TomlReader.Read(System.IO.File.ReadAllBytes(file), file).Find("plugin")!).Items.Cast<TomlTable>();
    }

    private static void ClaimKeys(SettingsBinder binder, TomlTable plugin)
    {
        var document = binder.Document;
        foreach (var path in Strings(plugin, "tables").Concat(Strings(plugin, "keys")).Where(p => p.Contains('.') || document.Table(p) is not null))
        {
            if (document.Table(path) is { } table) binder.ClaimAll(table);
            else if (ConfigPath.SplitLast(path) is var (parent, key) && document.Table(parent) is { } owner) binder.Claim(owner, key);
        }

        if (((TomlString)plugin.Find("kind")!).Value != "ca") return;
        foreach (var ca in document.Tables("ca"))
        {
            foreach (var key in Strings(plugin, "keys")) binder.Claim(ca, key);
            if (document.Table($"{ca.Path}.{((TomlString)plugin.Find("name")!).Value}") is { } own) binder.ClaimAll(own);
        }
    }

    private static IEnumerable<string> Strings(TomlTable table, string key)
        => table.Find(key) is TomlArray array ? array.Items.Cast<TomlString>().Select(s => s.Value) : [];

    public static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Kipuka.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
