using System.Text;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Tests.Catalog;

/// <summary>A plugin directory and a document in a folder of their own.</summary>
public sealed class PluginBench : IDisposable
{
    // The book's plugins, as far as selection needs them.
    private const string Known = """
        [[plugin]]
        kind = "auth"
        name = "mtls"
        tables = ["tls.client_auth"]
        [[plugin]]
        kind = "auth"
        name = "gssapi"
        tables = ["gssapi"]
        [[plugin]]
        kind = "auth"
        name = "otp"
        tables = ["otp"]
        [[plugin]]
        kind = "ca"
        name = "file"
        [[plugin]]
        kind = "ca"
        name = "pkcs11"
        tables = ["hsm"]
        implied_by = ["hsm_slot", "key=pkcs11:*"]
        [[plugin]]
        kind = "audit"
        name = "syslog"
        tables = ["audit.syslog"]
        keys = ["audit.syslog_facility"]
        [[plugin]]
        kind = "ha"
        name = "active-passive"
        folder = "ha-standard"
        """;

    private readonly Dictionary<string, string> trusted = [];
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("kipuka-catalog-");

    internal PluginBench()
    {
        Directory.CreateDirectory(Plugins);
        File.WriteAllText(KnownFile, Known);
        Loader = new ConfigLoader(name => name == "GREETING" ? "from the environment" : null, Plugins, KnownFile, trusted);
    }

    public string Plugins => Path.Combine(root.FullName, "plugins");

    public string Notes => Path.Combine(root.FullName, "notes");

    internal ConfigLoader Loader { get; }

    /// <summary>Whether what is installed when a document is loaded counts as shipped with the server.</summary>
    internal bool TrustsAll { get; set; } = true;

    private string KnownFile => Path.Combine(root.FullName, "known.toml");

    /// <summary>The folder that the server was built into.</summary>
    internal static string Build
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Kipuka.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
            }
            return Path.Combine(folder.FullName, "build");
        }
    }

    /// <summary>Installs one of tests/plugins.</summary>
    public string Install(string name, string? folder = null)
    {
        var target = Directory.CreateDirectory(Path.Combine(Plugins, folder ?? name)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Build, "test-plugins", name)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
        return target;
    }

    /// <summary>Installs an assembly that only declares: enough to be selected.</summary>
    internal string Declare(string folder, params Declaration[] declarations)
    {
        var target = Directory.CreateDirectory(Path.Combine(Plugins, folder)).FullName;
        EmittedAssembly.Write(Path.Combine(target, folder + ".dll"), declarations);
        return target;
    }

    /// <summary>Loads a document that lacks nothing but a CA.</summary>
    internal LoadedConfig LoadWithCa(string toml) => Load($"{toml}\n[[ca]]\nid = 'x'\ntype = 'idle'");

    internal LoadedConfig Load(string toml)
    {
        var file = Path.Combine(root.FullName, "kipuka.toml");
        File.WriteAllText(file, toml.Replace("NOTES", Notes, StringComparison.Ordinal));
        if (TrustsAll)
        {
            trusted.Clear();
            foreach (var folder in Find().Folders)
            {
                trusted[Path.GetFileName(folder.Path)] = folder.Hash;
            }
        }
        return Loader.Load(file);
    }

    internal (IReadOnlyList<PluginFolder> Folders, IReadOnlyList<ConfigProblem> Problems) Find()
    {
        var problems = new ConfigProblems();
        return (PluginFolders.Find([Plugins], problems), problems.All);
    }

    /// <summary>What a document selects, without loading it.</summary>
    internal (IReadOnlyList<PluginSelection> Selections, IReadOnlyList<ConfigProblem> Problems) Select(string toml)
    {
        var problems = new ConfigProblems();
        var document = ConfigDocument.Parse(Encoding.UTF8.GetBytes(toml), "kipuka.toml", problems)!;
        var binder = new SettingsBinder(document, problems, _ => null);
        var catalog = new PluginCatalog(
            PluginFolders.Find([Plugins], problems), new PluginTrust(new PluginsConfig { Unpinned = true }, trusted, problems), KnownPlugins.Read(KnownFile, problems), problems);
        return (new PluginSelector(catalog, binder).Select(null), problems.All);
    }

    public void Dispose() => root.Delete(recursive: true);
}
