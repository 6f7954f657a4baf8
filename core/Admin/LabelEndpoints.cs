using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/labels: where clients enroll, by whom that is answered, and what policy allows there.</summary>
internal sealed class LabelEndpoints(Generations generations) : IAdminEndpoints
{
    public void Map(IEndpointRouteBuilder admin) =>
        admin.MapGet("labels", () => TypedResults.Ok(List()))
            .Describe("listLabels", "Server", "The labels, the path without one first: their CAs and what policy allows, in values and in words.");

    private LabelList List()
    {
        var generation = generations.Current;
        var config = generation.Config;
        if (config.Authorities.Count == 0)
        {
            return new LabelList([]);
        }
        var own = config.Authorities.Where(ca => ca.Label is not null).Select(ca => new LabelConfig { Name = ca.Label!, CaId = ca.Id });
        return new LabelList([View(generation, null), .. config.Est.Labels.Concat(own).Select(label => View(generation, label))]);
    }

    private static LabelView View(Generation generation, LabelConfig? label)
    {
        var config = generation.Config;
        var group = generation.Part<CaGroups>().Of(label?.CaId ?? config.Authorities[0].Id);
        var authorities = group.Members.Select(member => config.Authorities.First(ca => ca.Id == member.Id)).ToList();
        var policy = PolicyDescription.Of(label, config.Enrollment, authorities);
        return new LabelView(
            label?.Name,
            config.Est.BasePath + (label is null ? "" : $"/{label.Name}"),
            label?.CaId ?? config.Authorities[0].Id,
            group.Members.Count > 1 ? group.Name : null,
            [.. group.Members.Select(member => member.Id)],
            label?.Auth ?? [.. generation.OfKind("auth").Select(instance => instance.Name)],
            label?.Profile,
            policy,
            policy.Sentences());
    }
}

/// <summary>All labels.</summary>
internal sealed record LabelList(IReadOnlyList<LabelView> Labels);

/// <param name="Name">Null for the path without a label.</param>
/// <param name="Path">Where its operations are.</param>
/// <param name="CaId">The CA that it names.</param>
/// <param name="Group">The group of several CAs that this one is in.</param>
/// <param name="Cas">Those that may answer, in configured order.</param>
/// <param name="Auth">The methods of authentication, in order.</param>
/// <param name="Profile">For CAs with profiles of their own.</param>
/// <param name="Policy">The values.</param>
/// <param name="Rules">The same in sentences.</param>
internal sealed record LabelView(
    string? Name, string Path, string CaId, string? Group, IReadOnlyList<string> Cas, IReadOnlyList<string> Auth, string? Profile, PolicyDescription Policy,
    IReadOnlyList<string> Rules);
