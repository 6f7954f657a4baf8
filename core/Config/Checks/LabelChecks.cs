namespace Kipuka.Config.Checks;

/// <summary><c>[[est.label]]</c> and the labels of <c>[[ca]]</c>.</summary>
internal static class LabelChecks
{
    private const int MaxLength = 64;

    // Ruling 16. A path's segment after base_path is an operation or a label, and must not be both.
    private static readonly string[] Operations =
        ["cacerts", "csrattrs", "simpleenroll", "simplereenroll", "fullcmc", "serverkeygen", "renewal-info"];

    public static void Run(CheckReport report, KipukaConfig config)
    {
        (string? Name, string Path)[] names =
        [
            .. config.Est.Labels.Select((label, i) => ((string?)label.Name, $"est.label[{i}].name")),
            .. config.Authorities.Select((ca, i) => (ca.Label, $"ca[{i}].label")),
        ];
        report.Distinct("label", names);
        foreach (var (name, path) in names.Where(n => n.Name is not null)) Name(report, name!, path);

        string[] known = [.. names.Select(n => n.Name).OfType<string>()];
        string[] authorities = [.. config.Authorities.Select(ca => ca.Id).Where(id => id is not null)];
        foreach (var (label, i) in config.Est.Labels.Select((label, i) => (label, i)))
        {
            var path = $"est.label[{i}]";
            if (label.CaId is { } ca && !authorities.Contains(ca)) report.Dangling($"{path}.ca_id", "[[ca]]", ca, authorities);
            References(report, label.AcceptLabels, $"{path}.accept_labels", known);
            References(report, label.RenewFrom, $"{path}.renew_from", known);
            Policy(report, config, label, path);
            if (label.Profile is not null) report.Warn("no-effect", $"{path}.profile", "has no effect: no CA of this version has profiles of its own");
        }
    }

    private static void Policy(CheckReport report, KipukaConfig config, LabelConfig label, string path)
    {
        PolicyChecks.KeyTypes(report, label.AllowedKeyTypes, $"{path}.allowed_key_types");
        PolicyChecks.SignatureAlgorithmNames(report, label.AllowedSignatureAlgorithms, $"{path}.allowed_signature_algorithms");
        PolicyChecks.ExtKeyUsage(report, label.RequiredExtKeyUsage, $"{path}.required_ext_key_usage", mayReserve: true);
        PolicyChecks.ExtKeyUsage(report, label.AllowedExtKeyUsage, $"{path}.allowed_ext_key_usage", mayReserve: true);
        PolicyChecks.CertificatePolicies(report, label.CertificatePolicies, $"{path}.certificate_policies");
        if (label.ProfileRules == "cabf" && label.CertificatePolicies.Count == 0 && !HasPolicies(config, label))
        {
            report.Warn("cabf-policies", $"{path}.profile_rules",
                "demands a certificate policy (section 7.1.2.7.9), which only you can state; add certificate_policies, such as [\"2.23.140.1.2.1\"]");
        }
        PolicyChecks.RevokesPrevious(report, label.RevokePrevious, $"{path}.revoke_previous");
        if (label.Auth is { Count: 0 })
        {
            report.Fail("bad-value", $"{path}.auth", "is empty, so nobody could enroll; name methods, or remove the key for all of them");
        }

        if (label.SubjectPattern is { } pattern && SubjectPattern.WhyNot(pattern) is { } why)
        {
            report.Fail("bad-value", $"{path}.subject_pattern", why);
        }
    }

    private static bool HasPolicies(KipukaConfig config, LabelConfig label)
        => config.Authorities.FirstOrDefault(ca => ca.Id == label.CaId) is { CertificatePolicies.Count: > 0 };

    private static void References(CheckReport report, IReadOnlyList<string> names, string path, string[] known)
    {
        foreach (var (name, at) in report.Items(names, path))
        {
            if (!known.Contains(name)) report.Dangling(at, "label", name, known);
        }
    }

    private static void Name(CheckReport report, string name, string path)
    {
        // Clients and proxies resolve a segment of dots before it arrives here.
        var fine = name.Length <= MaxLength
            && name.Trim('.').Length > 0
            && name.All(c => char.IsAsciiLetterOrDigit(c) || "._-".Contains(c));
        if (!fine)
        {
            report.Fail("bad-value", path,
                $"must have 1 to {MaxLength} letters, digits, dots, underscores or hyphens, as it is part of a URL");
        }
        else if (Operations.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            report.Fail("bad-value", path, "is the name of an EST operation; choose another");
        }
    }
}
