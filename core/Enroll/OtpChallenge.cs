using Kipuka.Auth;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>A one-time password inside the request (RFC 7894 section 3.1), beside whatever proved the requester's identity.</summary>
internal static class OtpChallenge
{
    /// <summary>Has the label's own methods judge the password, and ties the request to its use.</summary>
    public static async Task<(EnrollRequest Ask, Refusal? Refusal)> CheckAsync(EnrollRequest ask, IRequestedCertificate request, CancellationToken cancel)
    {
        if (request is not CertificationRequest { OtpChallenge: { } password } || ask.Chain is not { } chain)
        {
            return (ask, null);
        }
        using var secret = Secret.FromText(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(":" + password)));
        var peer = ask.Peer with { Certificates = [], Credential = new Credential("Basic", secret) };
        var actor = ask.Trail.Actor;
        var outcome = await chain.AuthenticateAsync(new EstRequest(EstOperation.SimpleEnroll, ask.Trail.Label, new EstBody.None(), peer), ask.Trail, cancel);
        ask.Trail.Actor = actor;
        return outcome switch
        {
            AuthOutcome.Denied { Refusal: { Kind: RefusalKind.Unauthenticated } denied } => (ask, denied with
            {
                Code = "otp-challenge", Detail = "the request's otpChallenge is no password that this label accepts (RFC 7894 section 3.1)",
            }),
            AuthOutcome.Denied denied => (ask, denied.Refusal),
            AuthOutcome.Admitted admitted when ask.Credential is null => (ask with { Credential = admitted.Credential }, null),
            AuthOutcome.Admitted { Requester.Identity: var other } when other.Key == ask.Requester.Identity.Key && other.Method == ask.Requester.Identity.Method
                => (ask, null),
            _ => (ask, new Refusal(
                RefusalKind.Forbidden, "otp-challenge", "the request's otpChallenge is another password than the one that authenticated it (RFC 7894 section 3.1)")),
        };
    }
}
