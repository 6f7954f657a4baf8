namespace Kipuka.Config.Checks;

/// <summary><c>[[ca]]</c>.</summary>
internal static class AuthorityChecks
{
    public static void Run(CheckReport report, KipukaConfig config)
    {
        if (!report.Has("ca"))
        {
            report.Fail("missing-key", "ca", "is missing: there is no [[ca]] table, and a server without a CA has nothing to do");
        }

        report.Distinct("[[ca]]", config.Authorities.Select((ca, i) => ((string?)ca.Id, $"ca[{i}].id")));
        foreach (var (ca, i) in config.Authorities.Select((ca, i) => (ca, i))) One(report, ca, $"ca[{i}]");
    }

    private static void One(CheckReport report, CaConfig ca, string path)
    {
        if (ca.Id is { } id && (id.Length is 0 or > 64 || id.Any(c => c == '/' || char.IsControl(c))))
        {
            report.Fail("bad-value", $"{path}.id", "must have 1 to 64 characters, none of them a slash or a control character");
        }

        // Only what is written can contradict: a maximum below the default lowers the default.
        if (ca.ValidityDays > ca.MaxValidityDays && report.Has($"{path}.validity_days") && report.Has($"{path}.max_validity_days"))
        {
            report.Fail("bad-value", $"{path}.validity_days",
                $"is more than max_validity_days, {ca.MaxValidityDays}; lower it, or raise the maximum");
        }

        PolicyChecks.KeyUsage(report, ca.DefaultKeyUsage, $"{path}.default_key_usage");
        PolicyChecks.ExtKeyUsage(report, ca.DefaultExtKeyUsage, $"{path}.default_ext_key_usage", mayReserve: false);
        PolicyChecks.CertificatePolicies(report, ca.CertificatePolicies, $"{path}.certificate_policies");
        foreach (var (glob, at) in report.Items(ca.AllowedSubjects, $"{path}.allowed_subjects"))
        {
            if (glob.Length == 0) report.Fail("bad-value", at, "is empty, which no subject matches; write * for any subject");
        }
    }
}
