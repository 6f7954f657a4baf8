using System.Collections.Concurrent;
using Kipuka.Ca;
using Kipuka.Pki;
using Kipuka.Policy;

namespace Kipuka.Enroll;

/// <summary>What each CA allows, worked out once for each of its certificates.</summary>
internal sealed class LimitsCache
{
    private readonly ConcurrentDictionary<string, (CertificateFields Issuer, AuthorityLimits Limits)> _known = [];

    public AuthorityLimits Of(GuardedAuthority authority)
    {
        var issuer = authority.Issuer;
        if (!_known.TryGetValue(authority.Id, out var known) || !ReferenceEquals(known.Issuer, issuer))
        {
            known = (issuer, AuthorityLimits.From(authority.Config, issuer, authority.Constraints));
            _known[authority.Id] = known;
        }
        return known.Limits;
    }
}
