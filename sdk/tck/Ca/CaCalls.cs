using System.Formats.Asn1;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>Asks a CA as a host does.</summary>
internal static class CaCalls
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The CA's final answer: while it is pending it is asked about.</summary>
    public static async Task<IssueResult> AskAsync(ICertificateAuthority authority, CertificateDraft draft, CaOptions options, CancellationToken cancel)
    {
        var result = await authority.IssueAsync(draft, cancel);
        var begun = TimeProvider.System.GetTimestamp();
        while (result is IssueResult.Pending pending)
        {
            if (authority is not IPendingIssuance resumable)
            {
                throw CheckException.Failed("The answer is Pending, but the service has no IPendingIssuance: nobody could ever fetch the certificate.");
            }
            if (pending.Ticket is not { Length: > 0 and <= 1000 })
            {
                throw CheckException.Failed($"The ticket of a pending request has {pending.Ticket?.Length ?? 0} characters; it must have 1 to 1000.");
            }
            if (TimeProvider.System.GetElapsedTime(begun) > options.PendingLimit)
            {
                return result;
            }
            await Task.Delay(Pause, cancel);
            result = await resumable.ResumeAsync(pending.Ticket, draft, cancel);
        }
        return result;
    }

    /// <summary>The certificate of a draft that the CA must issue.</summary>
    public static async Task<IssuedCertificate> IssueAsync(
        Bench<ICertificateAuthority> bench, ICertificateAuthority authority, string what, CertificateDraft draft, CaOptions options)
        => await TryIssueAsync(bench, authority, what, draft, options, mayRefuse: false)
            ?? throw CheckException.Failed($"Asked for {what}, the CA refused, which these options do not allow for.");

    /// <returns>Null when the CA refused and may.</returns>
    public static async Task<IssuedCertificate?> TryIssueAsync(
        Bench<ICertificateAuthority> bench, ICertificateAuthority authority, string what, CertificateDraft draft, CaOptions options, bool mayRefuse)
    {
        IssueResult result;
        try
        {
            result = await AskAsync(authority, draft, options, bench.Cancel);
            bench.Evidence.See("answer", result);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
        {
            throw bench.Fault($"Asked for {what}, IssueAsync threw", fault);
        }
        switch (result)
        {
            case IssueResult.Issued issued:
                return Parse(what, issued);
            case IssueResult.Refused when mayRefuse:
                return null;
            case IssueResult.Refused refused:
                throw CheckException.Failed($"Asked for {what}, the CA refused: {refused.Detail}. If it may, list the key in MayRefuseKeys.");
            case IssueResult.Pending:
                throw CheckException.NotApplicable(
                    $"Asked for {what}, the CA had not decided after {options.PendingLimit.TotalSeconds:0} s. Let it approve by itself while it is tested, or raise PendingLimit.");
            default:
                throw CheckException.Failed($"Asked for {what}, IssueAsync answered {(result is null ? "null" : result.GetType().Name)}.");
        }
    }

    private static IssuedCertificate Parse(string what, IssueResult.Issued issued)
    {
        try
        {
            return IssuedCertificate.Parse(issued.Certificate);
        }
        catch (AsnContentException fault)
        {
            throw CheckException.Failed($"Asked for {what}, the answer is no DER certificate of version 3 (never PEM or base64): {fault.Message}");
        }
    }
}
