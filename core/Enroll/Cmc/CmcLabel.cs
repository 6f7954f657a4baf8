using Kipuka.Auth;
using Kipuka.Ha;
using Kipuka.Policy;

namespace Kipuka.Enroll.Cmc;

/// <summary>What of a label a Full PKI Request needs.</summary>
internal sealed record CmcLabel(LabelPolicy Policy, CaGroup Group, AuthChain Auth, EnrollPipeline Pipeline)
{
    /// <summary>Whether a CA is one of the label's.</summary>
    public bool Has(string authority) => Group.Members.Any(member => member.Id == authority);
}
