namespace Kipuka.Testing;

/// <summary>A CA of tests/plugins/ca-scripted, which does what its script says, and notes what it was asked.</summary>
public sealed class ScriptedCa(string id = "scripted") : IDisposable
{
    /// <summary>Whose key it has.</summary>
    public TestAuthority Authority { get; } = new($"CA {id}");

    /// <summary>Its table.</summary>
    public string Table(string timeout = "5s") => $"""
        [[ca]]
        id = "{id}"
        type = "scripted"
        cert = "{id}.pem"
        key = "{id}-key.pem"
        script = "script"
        asked = "asked"
        timeout = "{timeout}"

        """;

    /// <summary>The same, and a label of this name that issues from it.</summary>
    public string Tables(string label, string timeout = "5s") => $"""
        {Table(timeout)}
        [[est.label]]
        name = "{label}"
        ca_id = "{id}"
        require_san = false

        """;

    /// <summary>Its files, with the first word of the script.</summary>
    public Dictionary<string, string> Files(string word) => new()
    {
        [$"{id}.pem"] = Authority.CertificatePem,
        [$"{id}-key.pem"] = Authority.KeyPem,
        ["script"] = word,
    };

    /// <summary>From now on it does this.</summary>
    public static void Say(KipukaServer server, string word) => Say(server.Folder, "script", word);

    /// <summary>The same for a script of another name: never half written.</summary>
    public static void Say(string folder, string script, string word)
    {
        var file = Path.Combine(folder, script);
        File.WriteAllText(file + ".new", word);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>A line for each call: what was asked, what the script said, and with what.</summary>
    public static IReadOnlyList<string> Asked(KipukaServer server)
    {
        var file = Path.Combine(server.Folder, "asked");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    public void Dispose() => Authority.Dispose();
}
