using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>
/// Possession of a key that cannot sign, stated under another certificate of the same subject (RFC 9883). That certificate is believed when
/// this server issued it and has not revoked it, or when it is the client certificate that has just proved who asks.
/// </summary>
internal sealed class Statements(Ledger ledger, TimeProvider clock)
{
    /// <exception cref="PossessionException">The statement does not hold.</exception>
    public async Task<ProvenRequest> ProveAsync(CertificationRequest request, PossessionStatement statement, Requester requester, CancellationToken cancel)
    {
        var signer = await FindAsync(statement, requester, cancel);
        var now = clock.GetUtcNow();
        if (now < signer.NotBefore || now > signer.NotAfter) throw Fails("is not valid now");
        if (signer.KeyUsage is { } usage && (usage & X509KeyUsageFlags.DigitalSignature) == 0) throw Fails("is not for digital signatures");
        // RFC 9883 section 5: the statement is the subject's own, and about nobody else.
        if (!signer.Subject.Equals(request.Subject)) throw Fails("has another subject");
        var names = signer.SubjectAltName;
        var strange = ((IRequestedCertificate)request).RequestedSan?.Entries.FirstOrDefault(name => names?.Contains(name) != true);
        if (strange is not null) throw Fails($"does not have the alternative name {strange.Text}");
        return ProvenRequest.ProveByStatement(request, signer);
    }

    private async Task<CertificateFields> FindAsync(PossessionStatement statement, Requester requester, CancellationToken cancel)
    {
        foreach (var record in await ledger.FindBySerialAsync(statement.SerialHex, null, cancel))
        {
            var ours = CertificateFields.Parse(record.Certificate.Der);
            if (!statement.Names(ours)) continue;
            return record.Revoked is null ? ours : throw Fails("is revoked");
        }
        // Whichever method accepted it, the core has asked the ledger about it already.
        return requester.Certificate is { } presented && statement.Names(presented)
            ? presented
            : throw Fails("was not issued here, nor is it this connection's client certificate");
    }

    private static PossessionException Fails(string why)
        => new($"the certificate that the privateKeyPossessionStatement names {why} (RFC 9883 section 4)");
}
