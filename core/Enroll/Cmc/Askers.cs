using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll.Cmc;

/// <summary>
/// Finds who asks (ruling 43): the signer of the message, its certificate judged as a TLS client certificate is; or, where the signature proves no
/// identity, whoever TLS or HTTP proved.
/// </summary>
internal sealed class Askers(CmcConfig config)
{
    /// <summary>Before the message is looked at: the TLS client certificate that <c>require_mtls</c> demands.</summary>
    /// <returns>Null where none is demanded.</returns>
    public async Task<AuthOutcome?> AdmitConnectionAsync(CmcLabel label, EstRequest request, RequestTrail trail, CancellationToken cancel)
    {
        if (!config.RequireMtls)
        {
            return null;
        }
        // A password cannot stand in for the certificate, so it is not even looked at.
        var outcome = request.Peer.Certificates.Count == 0
            ? null
            : await label.Auth.AuthenticateAsync(request with { Peer = request.Peer with { Credential = null } }, trail, cancel);
        return outcome switch
        {
            AuthOutcome.Admitted { Requester.Certificate: not null } => outcome,
            AuthOutcome.Denied denied => denied with { Challenges = [] },
            _ => new AuthOutcome.Denied(
                new Refusal(RefusalKind.Unauthenticated, "certificate-required", "full CMC needs a TLS client certificate here (require_mtls)"), []),
        };
    }

    /// <param name="label">The label.</param>
    /// <param name="request">As it came.</param>
    /// <param name="message">The same, read.</param>
    /// <param name="connection">What <see cref="AdmitConnectionAsync"/> found.</param>
    /// <param name="trail">Its audit records.</param>
    /// <param name="cancel">The client has gone.</param>
    public async Task<(Asker? Asker, PartOutcome? Failure, IReadOnlyList<string> Challenges)> FindAsync(
        CmcLabel label, EstRequest request, FullRequest message, AuthOutcome? connection, RequestTrail trail, CancellationToken cancel)
    {
        var (signers, failure) = Signers.Verify(message, Leaf(request.Peer));
        if (signers is null)
        {
            return (null, failure, []);
        }
        if (signers.AreNone && !config.AllowUnsigned)
        {
            return (null, PartOutcome.Failed(CmcFailure.BadMessageCheck, "the message is not signed, and allow_unsigned is off", BodyParts.Message), []);
        }
        if (signers.Certificates.Count == 0)
        {
            connection ??= await label.Auth.AuthenticateAsync(request, trail, cancel);
            return connection is AuthOutcome.Admitted admitted
                ? (new Asker(admitted.Requester, admitted.Credential), null, admitted.Answers)
                : Refuse((AuthOutcome.Denied)connection);
        }
        List<Asker> askers = [];
        foreach (var certificate in signers.Certificates)
        {
            var chain = message.Message.Certificates.Where(other => other.IsCa).Select(other => other.Raw).ToList();
            var peer = request.Peer with { Certificates = [certificate.Raw, .. chain], Credential = null };
            var outcome = await label.Auth.AuthenticateAsync(request with { Peer = peer }, trail, cancel);
            if (outcome is AuthOutcome.Denied denied)
            {
                return Refuse(denied with { Challenges = [] });
            }
            askers.Add(new Asker(((AuthOutcome.Admitted)outcome).Requester, null));
        }
        // The order of signers means nothing (a SET OF), so whoever may do more stands for all of them.
        var asker = askers.Find(one => one.Requester.IsRa) ?? askers[0];
        trail.Actor = asker.Requester.Identity;
        return (asker, null, []);
    }

    private static (Asker?, PartOutcome?, IReadOnlyList<string>) Refuse(AuthOutcome.Denied denied)
        => (null, PartOutcome.Refused(denied.Refusal, BodyParts.Message), denied.Challenges);

    private static List<CertificateFields> Leaf(Peer peer)
    {
        try
        {
            return peer.Certificates.Count > 0 ? [CertificateFields.Parse(peer.Certificates[0])] : [];
        }
        catch (MalformedException)
        {
            return []; // TLS took it, but it is no certificate that could have signed here
        }
    }
}
