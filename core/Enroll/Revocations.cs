using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Audit;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Store;
using Kipuka.Telemetry;

namespace Kipuka.Enroll;

/// <summary>The one way to revoke: the ledger is marked together with the audit record, before anything else happens; then the CA is told (ruling 50).</summary>
internal sealed class Revocations(Ledger ledger, ServingAuthorities authorities, RevocationNotifier notifier, TimeProvider clock)
{
    /// <summary>Revokes a certificate of ours; one that is revoked already stays as it is, and nothing is recorded.</summary>
    /// <param name="certificate">As the ledger has it.</param>
    /// <param name="reason">Why (RFC 5280 section 5.3.1).</param>
    /// <param name="actor">Who wants it; null when the server does it by itself.</param>
    /// <param name="source">The address that the wish came from; null likewise.</param>
    /// <param name="details">Further fields of the audit record.</param>
    /// <returns>What became of it, and the time of the revocation.</returns>
    /// <remarks>Not cancelled with a request: whoever hangs up has revoked all the same, or has not, and never half.</remarks>
    public async Task<(RevokeOutcome Outcome, DateTimeOffset At)> RevokeAsync(
        CertificateRecord certificate, X509RevocationReason reason, Identity? actor, IPAddress? source, IReadOnlyDictionary<string, string>? details = null)
    {
        var now = clock.GetUtcNow();
        var fields = new Dictionary<string, string>(details ?? new Dictionary<string, string>())
        {
            ["subject"] = certificate.Certificate.SubjectText,
            ["fingerprint"] = Convert.ToHexStringLower(certificate.Certificate.Sha256.Span),
            ["reason"] = RevocationReasons.Name(reason),
        };
        var audit = Trail.Record("cert.revoked", true, actor, fields) with
        {
            Source = source,
            Authority = certificate.Authority,
            Label = certificate.Label.Length > 0 ? certificate.Label : null,
            Serial = certificate.Certificate.SerialHex,
        };
        var tell = authorities.WantsRevocations(certificate.Authority);
        var outcome = await ledger.RevokeAsync(certificate.Certificate.Sha256, (int)reason, now, [audit], CancellationToken.None, tell);
        if (outcome == RevokeOutcome.Revoked)
        {
            if (tell)
            {
                notifier.Wake();
            }
            Metrics.Revocations.Add(1, new("ca", certificate.Authority), new("reason", RevocationReasons.Name(reason)));
        }
        return (outcome, now);
    }
}
