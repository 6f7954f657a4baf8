namespace Kipuka.Testing;

/// <summary>A CA of tests/plugins/ca-scripted, which does what its script says, and notes what it was asked. Its id is "scripted".</summary>
public sealed class ScriptedCa : IDisposable
{
    private readonly TestAuthority _authority = new("Scripted CA");

    /// <summary>Its tables: the CA, and a label of this name that issues from it.</summary>
    public static string Tables(string label, string timeout = "5s") => $"""
        [[ca]]
        id = "scripted"
        type = "scripted"
        cert = "scripted.pem"
        key = "scripted-key.pem"
        script = "script"
        asked = "asked"
        timeout = "{timeout}"
        [[est.label]]
        name = "{label}"
        ca_id = "scripted"
        require_san = false

        """;

    /// <summary>Its files, with the first word of the script.</summary>
    public Dictionary<string, string> Files(string word) => new()
    {
        ["scripted.pem"] = _authority.CertificatePem,
        ["scripted-key.pem"] = _authority.KeyPem,
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

    public void Dispose() => _authority.Dispose();
}
