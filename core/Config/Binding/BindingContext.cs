using System.Globalization;
using Kipuka.Config.Toml;

namespace Kipuka.Config.Binding;

/// <summary>What the binding of one record gathers: problems, secrets to dispose, and the hash.</summary>
internal sealed class BindingContext(ConfigDocument document, ConfigProblems problems, Func<string, string?> environment) : IDisposable
{
    public ConfigDocument Document => document;

    public SettingsHash Hash { get; } = new();

    public List<IDisposable> Secrets { get; } = [];

    public bool Failed { get; private set; }

    /// <summary>Values are never quoted in messages: any of them may be a secret in the wrong place.</summary>
    public bool Fail(string code, Site site, string message) => Fail(code, site.Position, site.Path, message);

    public bool Fail(string code, TomlPosition position, string path, string message)
    {
        Failed = true;
        problems.Add(code, document, position, path, message);
        return false;
    }

    public bool WrongType(Site site, TomlValue found, string expected)
    {
        var hint = found switch
        {
            TomlFloat or TomlInteger or TomlBoolean when expected == "a string" => "; write it in quotes",
            TomlString when expected is "an integer" or "a number" or "true or false" => "; write it without quotes",
            TomlTable when expected.StartsWith("an array of tables", StringComparison.Ordinal) => "; write its header in double brackets",
            _ => "",
        };
        return Fail("wrong-type", site, $"is {Article(found.TypeName)}, but must be {expected}{hint}");
    }

    /// <summary>The text of a string, with the environment's variables in it. An integer is taken as its digits.</summary>
    public bool ReadText(Site site, TomlValue value, string expected, out string text)
    {
        text = "";
        if (value is TomlInteger integer)
        {
            text = integer.Value.ToString(CultureInfo.InvariantCulture);
            return true;
        }

        if (value is not TomlString raw) return WrongType(site, value, expected);
        switch (Substitution.Expand(raw.Value, environment, out text, out var name))
        {
            case Substitution.Result.Unset:
                return Fail("missing-variable", site, $"names the environment variable {name}, which is not set; set it before starting");
            case Substitution.Result.Malformed:
                return Fail("bad-value", site, "has a ${ that no name and } follow; write ${NAME}, or $${ for the characters themselves");
            default:
                return true;
        }
    }

    public void Dispose() => Hash.Dispose();

    private static string Article(string noun) => ("aeiou".Contains(noun[0]) ? "an " : "a ") + noun;
}
