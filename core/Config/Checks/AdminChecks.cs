using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Config.Checks;

/// <summary><c>[admin]</c> (rulings 2 and 3).</summary>
internal static class AdminChecks
{
    private const int MinTokenLength = 16;

    /// <summary>Checks the table, and fills in what it leaves unsaid.</summary>
    public static AdminConfig? Run(CheckReport report, KipukaConfig config)
    {
        if (config.Admin is not { Enabled: true } admin) return config.Admin;
        foreach (var i in Enumerable.Range(0, admin.Tokens.Count)) Hash(report, admin.Tokens[i].TokenHash, $"admin.tokens[{i}].token_hash");
        Listener(report, config.Server);
        var token = Token(report, admin);

        // What stands in the file counts: an anchor whose file is missing has been reported already.
        var anchors = report.Has("admin.trust_anchors");
        var bearer = report.Has("admin.bearer_token") || report.Has("admin.bearer_token_env") || report.Has("admin.tokens");
        var auth = admin.Auth ?? (admin.Mode == "required" || (anchors && admin.Mode != "none"), bearer) switch
        {
            (true, true) => "both",
            (true, false) => "mtls",
            (false, true) => "bearer",
            _ => null,
        };
        Combination(report, auth, admin.Mode, anchors, bearer);
        return admin with { Auth = auth, BearerToken = token };
    }

    private static void Combination(CheckReport report, string? auth, string? mode, bool anchors, bool bearer)
    {
        switch (auth)
        {
            case null:
                report.Fail("missing-key", "admin.auth",
                    "is missing, and nothing tells who may administer; give trust_anchors or bearer_token_env, or set enabled = false");
                return;
            case "mtls" or "both" when mode == "none":
                report.Fail("bad-value", "admin.mode", $"is none, so no certificate is ever asked for, but auth = \"{auth}\" needs one");
                return;
            case "bearer" when mode == "required":
                report.Fail("bad-value", "admin.mode",
                    "demands a certificate always, but auth = \"bearer\" takes none; set auth = \"both\"");
                return;
        }

        var needsAnchors = auth is "mtls" or "both" || mode == "required";
        if (needsAnchors && !anchors)
        {
            report.Fail("missing-key", "admin.trust_anchors", "is missing; it names the CAs of administrators' certificates");
        }

        if (auth is "bearer" or "both" && !bearer)
        {
            report.Fail("missing-key", "admin.bearer_token_env", "is missing; it names the environment variable that holds the token");
        }

        if (auth == "bearer" && anchors) report.Warn("no-effect", "admin.trust_anchors", "has no effect while auth = \"bearer\"");
        if (auth == "mtls" && bearer)
        {
            report.Warn("no-effect", "admin.auth", "leaves the bearer tokens without effect; set it to \"both\" to accept them");
        }
    }

    private static Secret? Token(CheckReport report, AdminConfig admin)
    {
        if (admin.BearerToken is { } given)
        {
            Length(report, given, "admin.bearer_token");
            if (admin.BearerTokenEnv is not null)
            {
                report.Fail("duplicate-key", "admin.bearer_token_env", "means the same as bearer_token; keep one of the two");
            }

            return given;
        }

        if (admin.BearerTokenEnv is not { } name) return null;
        if (report.Variable(name) is not { } value)
        {
            report.Fail("missing-variable", "admin.bearer_token_env",
                $"names the environment variable {Shown(name)}, which is not set; set it before starting");
            return null;
        }

        var token = Secret.FromText(value);
        Length(report, token, "admin.bearer_token_env");
        return token;
    }

    // Somebody may have put the token itself where the variable's name belongs.
    private static string Shown(string name) =>
        name.Length <= 64 && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') ? name : "given there";

    private static void Length(CheckReport report, Secret token, string path)
    {
        if (token.Length < MinTokenLength)
        {
            report.Fail("bad-value", path,
                $"gives a token of fewer than {MinTokenLength} characters, which can be guessed; make one with: openssl rand -hex 32");
        }
        else if (token.Reveal().ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            report.Fail("bad-value", path,
                "gives a token with spaces, line ends or other characters that an Authorization header cannot carry");
        }
    }

    private static void Hash(CheckReport report, string? hash, string path)
    {
        const string Prefix = "sha256:";
        if (hash is null) return;
        var fine = hash.StartsWith(Prefix, StringComparison.Ordinal)
            && hash.Length == Prefix.Length + 64
            && hash.AsSpan(Prefix.Length).ContainsAnyExcept(Hex) is false;
        if (!fine) report.Fail("bad-value", path, "must be sha256: and 64 hex digits; make them with: printf %s TOKEN | sha256sum");
    }

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static void Listener(CheckReport report, ServerConfig server)
    {
        var (est, admin) = (server.Listen, server.AdminListen);
        if (est.Port == 0 || est.Port != admin.Port || !Covers(est.Address, admin.Address)) return;
        var path = report.Has("server.admin_listen") ? "server.admin_listen" : "server.listen";
        report.Warn("shared-listener", path,
            $"the EST listener covers {admin} too, so /admin is answered there, on connections to {admin.Address} only; "
            + "give it a port of its own");
        if (report.Has("admin.mode"))
        {
            report.Fail("bad-value", "admin.mode",
                "needs a listener of its own, but the EST listener covers admin_listen; give that another port");
        }
    }

    private static bool Covers(IPAddress wide, IPAddress narrow) =>
        wide.Equals(narrow) || wide.Equals(IPAddress.IPv6Any) || (wide.Equals(IPAddress.Any) && narrow.AddressFamily == wide.AddressFamily);
}
