using Kipuka.Policy;

namespace Kipuka.Enroll;

/// <summary>What the journal gets of a refusal.</summary>
internal static class RefusalRecord
{
    // A request that was altered, replayed on another connection, or reaches for a CA's rights.
    private static readonly HashSet<string> Violations = ["possession", "binding-mismatch", "ca-requested"];

    public static void Add(EnrollRequest ask, Refusal refusal)
    {
        var fields = new Dictionary<string, string> { ["operation"] = ask.OperationName, ["code"] = refusal.Code, ["reason"] = refusal.Detail };
        ask.Trail.Add($"{ask.Word}.failure", false, fields);
        if (refusal.Kind is RefusalKind.Policy or RefusalKind.Forbidden)
        {
            ask.Trail.Add("cert.denied", false, fields);
        }
        if (Violations.Contains(refusal.Code))
        {
            ask.Trail.AddViolation(refusal.Code, refusal.Detail);
        }
    }
}
