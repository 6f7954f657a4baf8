using Kipuka.Config.Toml;

namespace Kipuka.Config.Checks;

/// <summary><c>[est]</c>, <c>[enrollment]</c> and <c>[tls.client_auth]</c>.</summary>
internal static class EstChecks
{
    private static readonly string[] Later = ["fullcmc", "serverkeygen.enabled"];

    /// <summary>Before binding: an operation that this version lacks is not switched on silently.</summary>
    public static void Unavailable(CheckReport report, ConfigDocument document)
    {
        foreach (var operation in Later)
        {
            var path = $"est.{operation}";
            if (document.Value(path) is not TomlBoolean { Value: true }) continue;
            report.Fail("not-available", path, $"switches on what this version of kipuka does not have; remove it");
        }
    }

    public static void Run(CheckReport report, KipukaConfig config)
    {
        BasePath(report, config.Est.BasePath);
        foreach (var (oid, at) in report.Items(config.Est.CsrAttributes, "est.csr_attributes"))
        {
            if (!PolicyChecks.IsOid(oid)) report.Fail("bad-value", at, "must be an OID in dots, such as 1.2.840.113549.1.9.7");
        }

        if (report.Has("est.cmc")) report.Warn("no-effect", "est.cmc", "has no effect: /fullcmc is not in this version of kipuka");
        RenewalInfo(report, config.Est.RenewalInfo);

        var defaults = config.Enrollment;
        PolicyChecks.KeyTypes(report, defaults.AllowedKeyTypes, "enrollment.allowed_key_types");
        PolicyChecks.SignatureAlgorithmNames(report, defaults.AllowedSignatureAlgorithms, "enrollment.allowed_signature_algorithms");
        PolicyChecks.RevokesPrevious(report, defaults.RevokePrevious, "enrollment.revoke_previous");
        if (!report.Has("tls.client_auth"))
        {
            report.Warn("no-client-auth", "tls.client_auth",
                "is missing, so no client is asked for a certificate and /simplereenroll refuses all; add trust_anchors and mode");
        }
    }

    private static void RenewalInfo(CheckReport report, RenewalInfoConfig config)
    {
        if (config.EndPercent <= config.StartPercent)
        {
            report.Fail("bad-value", "est.renewal_info.end_percent", $"must be more than start_percent, which is {config.StartPercent}");
        }
        if (config.ExplanationUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
        {
            report.Fail("bad-value", "est.renewal_info.explanation_url", "must be an address such as https://pki.example.com/renewal");
        }
    }

    private static void BasePath(CheckReport report, string path)
    {
        var segments = path.Split('/');
        var fine = path.Length is > 1 and <= 200 && segments[0].Length == 0
            && segments[1..].All(s => s.Trim('.').Length > 0 && s.All(c => char.IsAsciiLetterOrDigit(c) || "._~-".Contains(c)));
        if (!fine)
        {
            report.Fail("bad-value", "est.base_path",
                "must be a path such as /.well-known/est: a slash before each part, none at the end, no % or ?");
        }
    }
}
