using System.Text;
using System.Text.RegularExpressions;
using Kipuka.Config;
using Kipuka.Config.Binding;

namespace Kipuka.Tests.Config;

public sealed class ExampleTests
{
    // Each example shows a part of a configuration on somebody else's machine.
    private static readonly string[] Allowed =
        ["missing-file", "missing-key", "missing-variable", "missing-plugin", "dangling-reference", "not-available", "insecure-file"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "data", "config-examples");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.toml").Select(f => Path.GetFileName(f)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_example_of_the_manual_is_understood(string name)
    {
        var result = Checked.File(Path.Combine(Folder, name));
        Assert.Empty(result.Errors.Where(p => !Allowed.Contains(p.Code)).Select(p => p.Text));
    }

    [Fact]
    public void There_are_as_many_examples_as_the_manual_has() => Assert.Equal(101, Files.Count);

    [Fact]
    public void The_shipped_example_loads_as_it_stands()
    {
        var result = Checked.File(Path.Combine(Checked.Repository, "kipuka.toml.example"));
        Assert.Empty(result.Problems.Select(p => p.Text));
    }

    [Fact]
    public void The_shipped_example_is_right_in_its_comments_too()
    {
        var result = Checked.Of(Uncommented, ("KIPUKA_ADMIN_TOKEN", "0123456789abcdef"));
        Assert.Empty(result.Errors.Where(p => p.Code is not "missing-file").Select(p => p.Text));
    }

    [Fact]
    public void The_shipped_example_shows_every_key_of_the_core()
    {
        var shown = ConfigDocument.Parse(Encoding.UTF8.GetBytes(Uncommented), "kipuka.toml", new ConfigProblems())!;
        Assert.Empty((string[])[.. Keys(typeof(KipukaConfig), "").Where(path => shown.Value(path) is null)]);
    }

    // Left out on purpose: the other spellings of bearer_token_env and key_file, with the secret in the file.
    private static IEnumerable<string> Keys(Type record, string path) => SettingProperty.Of(record).SelectMany(setting =>
    {
        var here = setting.Key.Contains('.') ? setting.Key : ConfigPath.Combine(path, setting.Key);
        if (here is "admin.bearer_token" or "est.serverkeygen.decrypt_key[0].key") return [];
        var type = setting.Property.PropertyType;
        var list = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        var inner = list ? type.GetGenericArguments()[0] : type;
        var isRecord = inner.IsClass && inner.Namespace == typeof(KipukaConfig).Namespace && !inner.IsGenericType;
        return isRecord ? Keys(inner, list ? $"{here}[0]" : here) : [here];
    });

    private static string Uncommented => Regex.Replace(
        File.ReadAllText(Path.Combine(Checked.Repository, "kipuka.toml.example")),
        "^# (?=\\[|[a-z_0-9-]+ = |\"[^\"]+\" = |    \"TLS|\\]$)", "", RegexOptions.Multiline);
}
