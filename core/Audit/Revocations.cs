using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>The one way to revoke (ruling 50): the ledger is marked, with its audit record, before anything else happens.</summary>
internal sealed class Revocations(Ledger ledger)
{
    /// <param name="record">What to revoke.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="source">From where.</param>
    /// <param name="now">When.</param>
    public Task<RevokeOutcome> RevokeAsync(CertificateRecord record, X509RevocationReason reason, Identity? actor, IPAddress? source, DateTimeOffset now)
    {
        var hex = record.Certificate.SerialHex;
        var fields = new Dictionary<string, string> { ["subject"] = record.Certificate.SubjectText, ["reason"] = RevocationReasons.Name(reason) };
        var audit = Trail.Record("cert.revoked", true, actor, fields) with
        {
            Source = source,
            Authority = record.Authority,
            Label = record.Label.Length > 0 ? record.Label : null,
            Serial = hex,
        };
        // Not cancelled with the request: who hangs up has revoked all the same, or has not, and never half.
        return ledger.RevokeAsync(hex, record.Authority, (int)reason, now, [audit], CancellationToken.None);
    }
}
