using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>How a CA takes it that a certificate of its own is revoked (<see cref="IRevocation"/>).</summary>
internal sealed class CaRevocationChecks(CaOptions options)
{
    public async Task RevocationAsync(Bench<ICertificateAuthority> bench)
    {
        var authority = await bench.StartAsync();
        var revocation = authority as IRevocation ?? throw CheckException.NotApplicable("The service has no IRevocation; revocations stay with the host.");
        var drafts = new Drafts((await authority.GetCertificatesAsync(bench.Cancel)).Issuer);
        foreach (var reason in (X509RevocationReason[])[X509RevocationReason.Unspecified, X509RevocationReason.KeyCompromise, X509RevocationReason.Superseded])
        {
            var certificate = await CaCalls.IssueAsync(bench, authority, "a certificate to be revoked", drafts.Next(), options);
            await TellAsync(bench, revocation, certificate, reason, $"A certificate was revoked ({reason}), and RevokeAsync threw");
            await TellAsync(
                bench, revocation, certificate, reason, "The same revocation was told again, as after a crash, and RevokeAsync threw; what is revoked already is no error");
        }
        await CommonChecks.CancelAsync(
            bench, "RevokeAsync", CancelledAsync, fault => fault is AuthorityUnavailableException, "throw OperationCanceledException");

        async Task CancelledAsync(CancellationToken cancel)
        {
            var certificate = await CaCalls.IssueAsync(bench, authority, "a certificate to be revoked", drafts.Next(), options);
            await revocation.RevokeAsync(certificate.Serial, X509RevocationReason.Unspecified, cancel);
        }
    }

    private static async Task TellAsync(
        Bench<ICertificateAuthority> bench, IRevocation revocation, IssuedCertificate certificate, X509RevocationReason reason, string what)
    {
        try
        {
            await revocation.RevokeAsync(certificate.Serial, reason, bench.Cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
        {
            throw bench.Fault(what, fault);
        }
    }
}
