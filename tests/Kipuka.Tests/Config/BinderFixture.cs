using System.Text;
using Kipuka.Config;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Kipuka.Tests.Config;

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

    internal (BoundSettings? Bound, IReadOnlyList<ConfigProblem> Problems) Try(
        string toml, (string Name, string Value)[] environment, params string[] tables)
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
        var message = problem.Message.Replace(Folder, "DIR", StringComparison.Ordinal);
        return $"{problem.Line}:{problem.Column} {problem.Code} {problem.Key}: {message}";
    }
}
