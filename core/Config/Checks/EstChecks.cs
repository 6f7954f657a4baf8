using Kipuka.Config.Toml;

namespace Kipuka.Config.Checks;

/// <summary><c>[est]</c>, <c>[enrollment]</c> and <c>[tls.client_auth]</c>.</summary>
internal static class EstChecks
{
    private static readonly string[] Later = ["serverkeygen.enabled"];

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

        FullCmc(report, config.Est);
        var defaults = config.Enrollment;
        PolicyChecks.KeyTypes(report, defaults.AllowedKeyTypes, "enrollment.allowed_key_types");
        PolicyChecks.SignatureAlgorithmNames(report, defaults.AllowedSignatureAlgorithms, "enrollment.allowed_signature_algorithms");
        if (!report.Has("tls.client_auth"))
        {
            report.Warn("no-client-auth", "tls.client_auth",
                "is missing, so no client is asked for a certificate and /simplereenroll refuses all; add trust_anchors and mode");
        }
    }

    private static void FullCmc(CheckReport report, EstConfig est)
    {
        foreach (var file in est.Ra.TrustAnchors ?? []) Anchors(report, file);
        foreach (var (one, other) in (ReadOnlySpan<(string, string)>)[("est.cmc.cert", "est.cmc.key"), ("est.cmc.key", "est.cmc.cert")])
        {
            if (report.Has(one) && !report.Has(other)) report.Fail("missing-key", other, $"is missing; {one} is of no use without it");
        }

        if (!est.Fullcmc)
        {
            if (report.Has("est.cmc")) report.Warn("no-effect", "est.cmc", "has no effect while est.fullcmc is off");
            return;
        }

        // What is missing has been reported, of [tls] by its owner; here it is whether the two go together and can sign.
        var own = report.Has("est.cmc.cert");
        if (own != report.Has("est.cmc.key") || (own && (est.Cmc.Cert is null || est.Cmc.Key is null))) return;
        if (!own && (est.TlsCert is null || est.TlsKey is null))
        {
            report.Fail("missing-key", "est.cmc.cert", "is missing, and so is the pair of [tls]: answers of full CMC are signed; give cert and key");
            return;
        }

        try
        {
            using var signer = SigningPair.Open(est);
        }
        catch (InvalidDataException fault) when (own || fault.InnerException is not (FileNotFoundException or DirectoryNotFoundException))
        {
            report.Fail("bad-file", own ? "est.cmc.cert" : "est.fullcmc", $"needs a pair that signs its answers: {fault.Message}");
        }
        catch (InvalidDataException)
        {
            report.Warn("no-effect", "est.fullcmc", "has no pair to sign its answers with until the files of [tls] are there");
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
