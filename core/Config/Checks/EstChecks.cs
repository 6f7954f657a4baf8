namespace Kipuka.Config.Checks;

/// <summary><c>[est]</c>, <c>[enrollment]</c> and <c>[tls.client_auth]</c>.</summary>
internal static class EstChecks
{
    public static void Run(CheckReport report, KipukaConfig config)
    {
        BasePath(report, config.Est.BasePath);
        CsrAdviceChecks.Run(report, config);
        RenewalInfo(report, config.Est.RenewalInfo);

        Messages(report, config.Est);
        ServerKeyGenChecks.Run(report, config.Est.Serverkeygen);
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

    // What signs the answers of /fullcmc and the keys that /serverkeygen makes.
    private static void Messages(CheckReport report, EstConfig est)
    {
        foreach (var file in est.Ra.TrustAnchors ?? []) Anchors(report, file);
        foreach (var (one, other) in (ReadOnlySpan<(string, string)>)[("est.cmc.cert", "est.cmc.key"), ("est.cmc.key", "est.cmc.cert")])
        {
            if (report.Has(one) && !report.Has(other)) report.Fail("missing-key", other, $"is missing; {one} is of no use without it");
        }

        if (!est.Fullcmc && !est.Serverkeygen.Enabled)
        {
            if (report.Has("est.cmc")) report.Warn("no-effect", "est.cmc", "has no effect while est.fullcmc is off");
            return;
        }

        // What is missing has been reported; here it is whether the two go together and can sign.
        if (report.Has("est.cmc.cert") != report.Has("est.cmc.key")) return;
        if (report.Has("est.cmc.cert") && est.Cmc is { Cert: null } or { Key: null }) return;
        try
        {
            using var signer = SigningPair.Open(est);
        }
        catch (InvalidDataException fault)
        {
            var path = report.Has("est.cmc.cert") ? "est.cmc.cert" : est.Fullcmc ? "est.fullcmc" : "est.serverkeygen";
            var code = fault.InnerException switch
            {
                null => "missing-key",
                FileNotFoundException or DirectoryNotFoundException => "missing-file",
                _ => "bad-file",
            };
            report.Fail(code, path, $"{fault.Message}; full CMC answers and the keys that the server makes are signed");
        }
    }

    private static void Anchors(CheckReport report, Sdk.SettingsFile file)
    {
        try
        {
            Pki.Pem.ReadCertificates(file.Bytes, file.Path);
        }
        catch (Pki.MalformedException fault)
        {
            report.Fail("bad-file", "est.ra.trust_anchors", $"{fault.Message}; it names the CAs of registration authorities' certificates");
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
