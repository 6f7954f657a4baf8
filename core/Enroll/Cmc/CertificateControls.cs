using System.Security.Cryptography.X509Certificates;
using Kipuka.Audit;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;
using Kipuka.Policy;
using Kipuka.Store;

namespace Kipuka.Enroll.Cmc;

/// <summary>The controls about certificates that there are: getCert, confirmCertAcceptance, revokeRequest (RFC 5272 sections 6.9, 6.14, 6.11).</summary>
internal sealed class CertificateControls(Ledger ledger, Revocations revocations)
{
    public async Task<PartOutcome> FindAsync(CmcLabel label, uint part, CertificateName name, CancellationToken cancel)
        => await LookUpAsync(label, name, cancel) is { } record
            ? new PartOutcome(CmcStatusInfo.Success(part)) { Certificate = record.Certificate.Der }
            : Unknown(part);

    /// <summary>No certificate here waits to be accepted, so there is nothing to do but to say that it is known.</summary>
    public async Task<PartOutcome> AcceptAsync(CmcLabel label, uint part, CertificateName name, CancellationToken cancel)
        => await LookUpAsync(label, name, cancel) is not null ? new PartOutcome(CmcStatusInfo.Success(part)) : Unknown(part);

    /// <summary>A registration authority revokes what this label issued, everybody else the own certificate only (ruling 34).</summary>
    public async Task<PartOutcome> RevokeAsync(CmcLabel label, RevokeRequest request, Asker asker, RequestTrail trail)
    {
        var part = request.BodyPart;
        if (request.Reason == X509RevocationReason.RemoveFromCrl)
        {
            return PartOutcome.Failed(CmcFailure.BadRequest, "removeFromCRL takes a certificate off hold; it revokes nothing", part);
        }
        var record = await LookUpAsync(label, request.Certificate, CancellationToken.None);
        var own = asker.Requester.Certificate is { } certificate && request.Certificate.Names(certificate);
        var may = asker.Requester.IsRa ? record?.Label == label.Policy.Profile : own;
        if (!may)
        {
            // The same words whether or not there is such a certificate: the answer tells nothing about those of others.
            var reason = asker.Requester.IsRa
                ? "this label has issued no such certificate"
                : "only a registration authority revokes certificates other than its own"
                    + (request.HasSharedSecret ? "; secrets for revocation are not kept here" : "");
            trail.Add("cert.denied", false, new Dictionary<string, string> { ["code"] = "revocation", ["reason"] = reason }, null, request.Certificate.SerialHex);
            return new PartOutcome(
                CmcStatusInfo.Failed(asker.Requester.IsRa ? CmcFailure.BadCertId : CmcFailure.BadIdentity, reason, part),
                asker.Requester.IsRa ? RefusalKind.Malformed : RefusalKind.Forbidden);
        }
        if (record is null)
        {
            return Unknown(part);
        }
        var (outcome, _) = await revocations.RevokeAsync(record, request.Reason, asker.Requester.Identity, trail.Source);
        return outcome switch
        {
            RevokeOutcome.Revoked => new PartOutcome(CmcStatusInfo.Success(part)),
            RevokeOutcome.AlreadyRevoked => PartOutcome.Failed(CmcFailure.BadRequest, "the certificate is revoked already", part),
            _ => Unknown(part),
        };
    }

    private async Task<CertificateRecord?> LookUpAsync(CmcLabel label, CertificateName name, CancellationToken cancel)
    {
        var found = await ledger.FindBySerialAsync(name.SerialHex, null, cancel);
        return found.FirstOrDefault(record => label.Has(record.Authority) && name.Names(CertificateFields.Parse(record.Certificate.Der)));
    }

    private static PartOutcome Unknown(uint part)
        => new(CmcStatusInfo.Failed(CmcFailure.BadCertId, "this label's CAs have issued no such certificate", part), RefusalKind.Malformed);
}
