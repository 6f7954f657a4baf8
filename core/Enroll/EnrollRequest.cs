using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>A request for a certificate, from somebody who is known.</summary>
/// <param name="Operation">What was asked of the server.</param>
/// <param name="IsRenewal">Whether the requester's own certificate is to be renewed: the rules of /simplereenroll.</param>
/// <param name="Submission">What was sent.</param>
/// <param name="Peer">The connection it came on.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Credential">What is used up by being answered.</param>
/// <param name="Policy">The label's policy.</param>
/// <param name="Group">The CAs of the label.</param>
/// <param name="Trail">Its audit records.</param>
internal sealed record EnrollRequest(
    EstOperation Operation,
    bool IsRenewal,
    Submission Submission,
    Peer Peer,
    Requester Requester,
    HeldCredential? Credential,
    LabelPolicy Policy,
    CaGroup Group,
    RequestTrail Trail)
{
    /// <summary>The label's methods, for a password inside the request; null where the message as a whole was authenticated.</summary>
    public AuthChain? Chain { get; init; }

    /// <summary>The certificate of ours that is renewed; null when none is.</summary>
    public CertificateFields? Renewed => !IsRenewal ? null
        : Requester.Represents?.Certificate ?? (Requester.Held is null ? null : Requester.Certificate);

    /// <summary>The operation's word in audit names.</summary>
    public string Word => IsRenewal ? "reenroll" : "enroll";

    /// <summary>The operation as the path and the ledger name it.</summary>
    public string OperationName => Operation switch
    {
        EstOperation.SimpleReEnroll => "simplereenroll",
        EstOperation.ServerKeyGen => "serverkeygen",
        EstOperation.FullCmc => "fullcmc",
        _ => "simpleenroll",
    };
}
