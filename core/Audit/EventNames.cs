namespace Kipuka.Audit;

/// <summary>The names of events: the dotted ones, and those of the NIAP protection profile (FAU_GEN.1) that go with them.</summary>
internal static class EventNames
{
    private static readonly Dictionary<string, string> Niap = new()
    {
        ["enroll.request"] = "EnrollRequest",
        ["reenroll.request"] = "EnrollRequest",
        ["enroll.success"] = "CertIssue",
        ["reenroll.success"] = "CertReenroll",
        ["enroll.failure"] = "EnrollReject",
        ["reenroll.failure"] = "EnrollReject",
        ["approval.requested"] = "EnrollRequest",
        ["approval.granted"] = "AdminAction",
        ["approval.rejected"] = "EnrollReject",
        ["cert.issued"] = "CertIssue",
        ["cert.renewed"] = "CertReenroll",
        ["cert.denied"] = "EnrollReject",
        ["cert.revoked"] = "CertRevoke",
        ["revocation.told"] = "CaNotify",
        ["revocation.failed"] = "CaNotify",
        ["cert.expired"] = "CertExpire",
        ["replacement.set"] = "AdminAction",
        ["replacement.lifted"] = "AdminAction",
        ["key.generated"] = "KeyGenerate",
        ["key.loaded"] = "KeyLoad",
        ["key.destroyed"] = "KeyDestroy",
        ["otp.created"] = "OtpCreate",
        ["otp.used"] = "OtpUse",
        ["otp.revoked"] = "OtpRevoke",
        ["otp.expired"] = "OtpExpire",
        ["admin.login"] = "AdminLogin",
        ["admin.logout"] = "AdminLogout",
        ["admin.access"] = "AdminAction",
        ["admin.action"] = "AdminAction",
        ["ca.started"] = "CaStart",
        ["ca.stopped"] = "CaStop",
        ["ca.health.changed"] = "CaHealthChange",
        ["crl.generated"] = "CrlGenerate",
        ["security.violation"] = "SecurityViolation",
        ["plugin.refused"] = "SecurityViolation",
        ["plugin.loaded"] = "AdminAction",
        ["config.reloaded"] = "AdminAction",
        ["audit.anchored"] = "AuditAnchor",
        ["audit.archived"] = "AuditArchive",
        ["server.startup"] = "AuditStart",
        ["server.shutdown"] = "AuditStop",
    };

    // Ruling 55: the short words an operator may use in a filter.
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enroll"] = ["enroll.request", "enroll.success", "cert.issued"],
        ["renew"] = ["reenroll.request", "reenroll.success", "cert.renewed"],
        ["reject"] = ["enroll.failure", "reenroll.failure", "cert.denied"],
        ["revoke"] = ["cert.revoked"],
    };

    /// <summary>Whether a filter's word can select anything: a name, a NIAP name, a short word, or a glob.</summary>
    public static bool IsKnown(string word)
        => word.Contains('*', StringComparison.Ordinal) || Niap.ContainsKey(word) || Words.ContainsKey(word)
            || IsNiap(word) || word.StartsWith("auth.", StringComparison.Ordinal);

    /// <summary>Whether a word is a name of the protection profile.</summary>
    public static bool IsNiap(string word) => Niap.ContainsValue(word) || word is "AuthSuccess" or "AuthFailure";

    public static string NiapOf(string name)
        => Niap.TryGetValue(name, out var niap) ? niap
            : !name.StartsWith("auth.", StringComparison.Ordinal) ? "AdminAction"
            : name.EndsWith(".success", StringComparison.Ordinal) ? "AuthSuccess" : "AuthFailure";

    /// <summary>The dotted names that a short word stands for; null when it is none.</summary>
    public static IReadOnlyList<string>? Expand(string word) => Words.GetValueOrDefault(word);
}
