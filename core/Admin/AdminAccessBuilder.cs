using System.Security.Cryptography.X509Certificates;
using Kipuka.Catalog;
using Kipuka.Ha;

namespace Kipuka.Admin;

/// <summary>Makes the admin API's access rules of a new generation, and refuses those that would let clients in.</summary>
internal sealed class AdminAccessBuilder(TimeProvider clock) : IGenerationPart
{
    public ValueTask BuildAsync(Generation generation, CancellationToken cancel)
    {
        var access = new AdminAccess(generation.Config.Admin, clock);
        generation.Attach(access);
        if (generation.Config.Admin is { Enabled: true, Subjects.Count: 0 } && FindIssuing(access, generation.Part<CaGroups>()) is { } authority)
        {
            throw new GenerationException(
                $"[admin] subjects is missing: the admin trust anchors are, or are above, the CA {authority} that issues to clients, "
                + "so every client's certificate would open the admin API. "
                + "Name the operators' subjects, or use a CA of their own.");
        }
        return ValueTask.CompletedTask;
    }

    // Ruling 4: a certificate of ours must never be an operator's by accident.
    private static string? FindIssuing(AdminAccess access, CaGroups groups)
    {
        var anchors = access.Anchors.Select(anchor => Convert.ToHexString(anchor.SubjectName.RawData)).ToHashSet();
        return groups.Members.Where(member => member.Authority.HasCertificates)
            .FirstOrDefault(member => member.Authority.Certificates.Published.Any(published => IsUnder(published, anchors)))?.Id;
    }

    private static bool IsUnder(X509Certificate2 published, HashSet<string> anchors)
        => anchors.Contains(Convert.ToHexString(published.SubjectName.RawData)) || anchors.Contains(Convert.ToHexString(published.IssuerName.RawData));
}
