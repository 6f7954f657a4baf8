using Kipuka.Store;

namespace Kipuka.Admin;

/// <param name="From">When the first bucket begins.</param>
/// <param name="To">What came then or later is not counted.</param>
/// <param name="BucketSeconds">How long a bucket is.</param>
/// <param name="PendingRequests">How many wait for an operator now.</param>
/// <param name="Totals">Of all buckets.</param>
/// <param name="Buckets">All, also those in which nothing happened.</param>
/// <param name="Labels">The same numbers by label.</param>
/// <param name="Cas">What was issued, by CA: a request that was refused or failed has none.</param>
internal sealed record Stats(
    DateTimeOffset From, DateTimeOffset To, long BucketSeconds, long PendingRequests, Tally Totals, IReadOnlyList<StatsBucket> Buckets,
    IReadOnlyList<LabelStats> Labels, IReadOnlyList<CaStats> Cas);

internal sealed record StatsBucket(DateTimeOffset Start, Tally Count);

/// <param name="Label">Null for the path without one.</param>
internal sealed record LabelStats(string? Label, Tally Count);

internal sealed record CaStats(string CaId, long Issued);

/// <param name="Issued">Certificates, renewals among them.</param>
/// <param name="Refused">Requests that policy, a CA or an operator refused.</param>
/// <param name="Failed">Requests that ended without a certificate for another reason: malformed, no CA available, a fault.</param>
internal sealed record Tally(long Issued, long Refused, long Failed)
{
    public static Tally Of(IEnumerable<Outcome> outcomes)
    {
        long issued = 0, refused = 0, ended = 0;
        foreach (var outcome in outcomes)
        {
            switch (outcome.Event)
            {
                case "cert.issued" or "cert.renewed":
                    issued += outcome.Count;
                    break;
                case "cert.denied":
                    refused += outcome.Count;
                    break;
                default:
                    ended += outcome.Count;
                    break;
            }
        }
        // A denial stands beside the record that the request failed; where a client's revocation was denied it stands alone.
        return new Tally(issued, refused, Math.Max(0, ended - refused));
    }
}
