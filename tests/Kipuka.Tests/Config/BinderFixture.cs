using System.Net;
using System.Text;
using Kipuka.Config;
using Kipuka.Sdk;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Kipuka.Tests.Config;

public enum Mode
{
    Optional,
    RequiredForReenroll,
}

/// <summary>Every type that a settings record may have.</summary>
public sealed record Everything
{
    [Setting(Min = 2, Max = 4)]
    public string? Text { get; init; }

    [Setting(OneOf = ["auto", "0", "64"])]
    public string Choice { get; init; } = "auto";

    public bool Flag { get; init; }

    [Setting(Min = 16, Max = 64)]
    public int Number { get; init; } = 20;

    public long? Large { get; init; }

    public double Ratio { get; init; }

    [Setting(Min = 1, Max = 86400)]
    public TimeSpan Time { get; init; }

    [Setting(Max = 1 << 20)]
    public ByteSize Size { get; init; }

    public IPEndPoint? Listen { get; init; }

    public SettingsPath? Place { get; init; }

    public SettingsFile? File { get; init; }

    public SecretFile? KeyFile { get; init; }

    public Secret? Pin { get; init; }

    [Setting(Aliases = ["mode_of_work"])]
    public Mode Mode { get; init; }

    [Setting(Max = 2)]
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<SettingsFile>? Anchors { get; init; }

    public IReadOnlyList<int> Numbers { get; init; } = [];

    public IReadOnlyDictionary<string, string> Mapping { get; init; } = new Dictionary<string, string>();

    public Inner Inner { get; init; } = new() { Id = "default" };

    [Setting(Key = "item")]
    public IReadOnlyList<Inner> Items { get; init; } = [];

    [Setting(Key = "server.body", Aliases = ["legacy.body"])]
    public int Body { get; init; } = 1;

    public int Computed => Number * 2;
}

public sealed record Inner
{
    public required string Id { get; init; }

    public int Size { get; init; } = 7;
}

/// <summary>Binds <see cref="Everything"/> from the table <c>[t]</c>, with files in a folder of its own.</summary>
public sealed class BinderFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("kipuka-config-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Write(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    internal Everything Bind(string keys, params (string Name, string Value)[] environment)
    {
        var (bound, problems) = Try("[t]\n" + keys, environment, "t");
        Assert.Empty(problems.Select(p => p.Text));
        return (Everything)bound!.Value;
    }

    internal (BoundSettings? Bound, IReadOnlyList<ConfigProblem> Problems) Try(string toml, (string Name, string Value)[] environment, params string[] tables)
        => Try(typeof(Everything), toml, environment, tables);

    internal (BoundSettings? Bound, IReadOnlyList<ConfigProblem> Problems) Try(
        Type record, string toml, (string Name, string Value)[] environment, params string[] tables)
    {
        var problems = new ConfigProblems();
        var document = ConfigDocument.Parse(Encoding.UTF8.GetBytes(toml), Path.Combine(Folder, "kipuka.toml"), problems)!;
        var binder = new SettingsBinder(document, problems, name => environment.FirstOrDefault(e => e.Name == name).Value);
        var bound = binder.Bind(record, [.. tables.Select(t => document.Table(t)!)]);
        binder.ReportUnknownKeys();
        return (bound, problems.All);
    }

    /// <summary>The one problem of <c>[t]</c>, without the file.</summary>
    public string Problem(string keys, params (string Name, string Value)[] environment)
    {
        var (bound, problems) = Try("[t]\n" + keys, environment, "t");
        var problem = Assert.Single(problems);
        if (problem.Code != "unknown-key") Assert.Null(bound);
        return $"{problem.Line}:{problem.Column} {problem.Code} {problem.Key}: {problem.Message.Replace(Folder, "DIR", StringComparison.Ordinal)}";
    }
}
