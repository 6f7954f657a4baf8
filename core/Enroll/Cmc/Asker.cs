using Kipuka.Auth;
using Kipuka.Policy;

namespace Kipuka.Enroll.Cmc;

/// <summary>In whose name a message is worked off.</summary>
/// <param name="Requester">Who.</param>
/// <param name="Credential">What is used up by each certificate.</param>
internal sealed record Asker(Requester Requester, HeldCredential? Credential)
{
    /// <summary>With a certificate of ours as at /simplereenroll, with another's as at /simpleenroll (rulings 32, 33); an RA asks for others.</summary>
    public bool IsRenewal => Requester is { Held: not null, IsRa: false };
}
