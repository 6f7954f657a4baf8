using Kipuka.Ha;
using Kipuka.Pki;

namespace Kipuka.Est;

/// <summary>The /cacerts of a label: the chains of every member of its group (RFC 7030 section 4.1.3), since any of them may issue the next certificate.</summary>
internal sealed class PublishedChains(CaGroup group)
{
    private volatile Encoded? encoded;

    /// <returns>False while no member has ever been reached. One that is reached later adds its chain.</returns>
    public bool TryRead(out ReadOnlyMemory<byte> certsOnly)
    {
        var chains = group.Members.Where(member => member.Authority.HasCertificates).Select(member => member.Authority.PublishedDer).ToArray();
        if (encoded is not { } known || !known.Chains.SequenceEqual(chains, ReferenceEqualityComparer.Instance))
        {
            encoded = known = new Encoded(
                chains, CertsOnly.Encode(chains.SelectMany(chain => chain).DistinctBy(der => Convert.ToHexString(der.Span))));
        }
        certsOnly = known.Message;
        return chains.Length > 0;
    }

    private sealed record Encoded(IReadOnlyList<ReadOnlyMemory<byte>>[] Chains, ReadOnlyMemory<byte> Message);
}
