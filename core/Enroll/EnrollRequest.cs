using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Ha;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>A request for a certificate, from somebody who is known.</summary>
/// <param name="IsRenewal">/simplereenroll.</param>
/// <param name="Body">What was sent.</param>
/// <param name="Peer">The connection it came on.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Credential">What is used up by being answered.</param>
/// <param name="Policy">The label's policy.</param>
/// <param name="Group">The CAs of the label.</param>
/// <param name="Trail">Its audit records.</param>
internal sealed record EnrollRequest(
    bool IsRenewal,
    EstBody Body,
    Peer Peer,
    Requester Requester,
    HeldCredential? Credential,
    LabelPolicy Policy,
    CaGroup Group,
    RequestTrail Trail)
{
    /// <summary>The operation's word in audit names.</summary>
    public string Word => IsRenewal ? "reenroll" : "enroll";

    /// <summary>The operation as the path and the ledger name it.</summary>
    public string Operation => IsRenewal ? "simplereenroll" : "simpleenroll";
}
