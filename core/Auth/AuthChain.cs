using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Auth;

/// <summary>A label's authenticators, in order; the first that accepts decides (ruling 31).</summary>
internal sealed class AuthChain(
    IReadOnlyList<AuthMethod> methods,
    IReadOnlyList<X509Certificate2>? trustAnchors,
    TimeSpan expiredGrace,
    RaRights raRights,
    Ledger ledger,
    ILogger log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(5);

    public async Task<AuthOutcome> AuthenticateAsync(EstRequest request, RequestTrail trail, CancellationToken cancel)
    {
        var leaf = request.Peer.Certificates.Count > 0 ? await FindOursAsync(request.Peer.Certificates[0], cancel) : null;
        if (leaf is { Revoked: not null })
        {
            // No fallback: whoever holds a revoked certificate is not to be believed in any other way either.
            return Revoked(trail, leaf);
        }
        List<string> challenges = [];
        var question = Question(request);
        foreach (var method in methods)
        {
            var answer = await AskAsync(method, question, cancel);
            switch (answer)
            {
                case AuthenticationResult.Accepted accepted:
                    return await AdmitAsync(method, accepted, request, leaf, trail, cancel);
                case AuthenticationResult.Continue further:
                    // Nobody is known yet and nothing has failed. A client that saw other methods beside it might begin one of those.
                    return new AuthOutcome.Denied(
                        new Refusal(RefusalKind.Unauthenticated, "continue", "the authentication takes a further step on this connection"), [further.Challenge]);
                case AuthenticationResult.Rejected rejected:
                    trail.Add($"auth.{method.Name}.failure", false, new Dictionary<string, string> { ["reason"] = rejected.Reason });
                    if (rejected.Forbidden)
                    {
                        return new AuthOutcome.Denied(new Refusal(RefusalKind.Forbidden, "not-authorized", rejected.Reason, rejected.RetryAfter), []);
                    }
                    AddChallenge(challenges, rejected.Challenge);
                    break;
                case AuthenticationResult.NotMine notMine:
                    AddChallenge(challenges, notMine.Challenge);
                    break;
                case AuthenticationResult.Overloaded overloaded:
                    return Unavailable("authentication is overloaded", overloaded.RetryAfter);
                default:
                    return Unavailable($"the authentication method {method.Name} does not work at the moment", FaultPause);
            }
        }
        var detail = request.Operation == EstOperation.SimpleReEnroll
            ? "re-enrollment needs the certificate to renew as TLS client certificate (RFC 7030 section 4.2.2)"
            : "authentication is required and none of what was presented is acceptable";
        // What a password cannot prove is no reason to ask for one.
        IReadOnlyList<string> offered = request.Operation == EstOperation.SimpleReEnroll ? [] : challenges;
        return new AuthOutcome.Denied(new Refusal(RefusalKind.Unauthenticated, "unauthenticated", detail), offered);
    }

    // Re-enrollment is proven by the certificate to renew and by nothing else (ruling 33), so passwords are not even looked at.
    private AuthenticationRequest Question(EstRequest request)
    {
        var peer = request.Operation == EstOperation.SimpleReEnroll ? request.Peer with { Credential = null } : request.Peer;
        return new AuthenticationRequest(request.Operation, request.Label, peer)
        {
            TrustAnchors = trustAnchors,
            ExpiredGrace = request.Operation == EstOperation.SimpleReEnroll ? expiredGrace : TimeSpan.Zero,
        };
    }

    // Null is a fault: it is ours, so it is logged here and answered as unavailable, never as success.
    private async Task<AuthenticationResult?> AskAsync(AuthMethod method, AuthenticationRequest question, CancellationToken cancel)
    {
        try
        {
            return await method.Guard.CallAsync("authentication", AnswerAsync, Deadline, cancel, spares: true);
        }
        catch (PluginFaultException fault)
        {
            log.LogError(fault.WasCalled ? fault : null, "A request could not be authenticated: {Reason}", fault.Message);
            return null;
        }

        async ValueTask<AuthenticationResult> AnswerAsync(CancellationToken token)
            => await method.Authenticator.AuthenticateAsync(question, token) switch
            {
                AuthenticationResult.Accepted { Credential: { } credential } accepted => accepted with { Credential = new GuardedCredential(credential, method.Guard) },
                { } answer => answer,
                null => throw new InvalidOperationException("it answered nothing"),
            };
    }

    private async Task<AuthOutcome> AdmitAsync(
        AuthMethod method, AuthenticationResult.Accepted accepted, EstRequest request, CertificateRecord? leaf, RequestTrail trail, CancellationToken cancel)
    {
        var identity = accepted.Identity;
        CertificateFields? certificate = null;
        var isRa = false;
        if (!identity.Certificate.IsEmpty)
        {
            // Whichever plugin accepted it, the core asks its own ledger about the certificate.
            var isLeaf = request.Peer.Certificates.Count > 0 && identity.Certificate.Span.SequenceEqual(request.Peer.Certificates[0].Span);
            leaf = isLeaf ? leaf : await FindOursAsync(identity.Certificate, cancel);
            if (leaf is { Revoked: not null })
            {
                return Revoked(trail, leaf);
            }
            certificate = CertificateFields.Parse(identity.Certificate);
            // Only the handshake proves that whoever asks has the key of the certificate.
            isRa = isLeaf && raRights.Has(certificate, request.Peer.Certificates);
            identity = isRa ? AsRa(identity, certificate) : identity;
        }
        else
        {
            leaf = null;
        }
        trail.Actor = identity;
        trail.Add(
            $"auth.{method.Name}.success",
            true,
            certificate is null ? null : new Dictionary<string, string> { ["subject"] = certificate.Subject.Text, ["fingerprint"] = certificate.FingerprintSha256 },
            leaf?.Authority,
            certificate?.SerialHex);
        var held = leaf is null ? null : new HeldCertificate(leaf.Authority, leaf.Label);
        var credential = accepted.Credential is null ? null : new HeldCredential(method.Instance, accepted.Credential);
        return new AuthOutcome.Admitted(new Requester(identity, certificate, held) { IsRa = isRa }, credential)
        {
            Answers = accepted.Answer is null ? [] : [accepted.Answer],
        };
    }

    // Stands in every audit record of what it asks for.
    private static Identity AsRa(Identity identity, CertificateFields certificate) => identity with
    {
        Facts = new Dictionary<string, string>(identity.Facts) { ["ra"] = "true", ["ra_subject"] = certificate.Subject.Text },
    };

    private Task<CertificateRecord?> FindOursAsync(ReadOnlyMemory<byte> certificate, CancellationToken cancel)
        => ledger.FindCertificateAsync(SHA256.HashData(certificate.Span), cancel);

    private static AuthOutcome.Denied Revoked(RequestTrail trail, CertificateRecord certificate)
    {
        trail.Add(
            "auth.certificate.failure",
            false,
            new Dictionary<string, string> { ["reason"] = "the client certificate is revoked", ["subject"] = certificate.Certificate.SubjectText, ["fingerprint"] = Convert.ToHexStringLower(certificate.Certificate.Sha256.Span) },
            certificate.Authority,
            certificate.Certificate.SerialHex);
        trail.AddViolation("revoked", "a revoked certificate was used", certificate.Authority, certificate.Certificate.SerialHex);
        return new AuthOutcome.Denied(new Refusal(RefusalKind.Forbidden, "revoked", "the client certificate is revoked"), []);
    }

    private static AuthOutcome.Denied Unavailable(string detail, TimeSpan retryAfter)
        => new(new Refusal(RefusalKind.Unavailable, "authentication-unavailable", detail, retryAfter), []);

    private static void AddChallenge(List<string> challenges, string? challenge)
    {
        if (challenge is not null && !challenges.Contains(challenge))
        {
            challenges.Add(challenge);
        }
    }
}
