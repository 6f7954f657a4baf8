using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>What an endpoint says of itself for the OpenAPI document, beside its handler's types.</summary>
/// <param name="Parameters">All that its query may have.</param>
internal sealed record EndpointDescription(IReadOnlyList<ApiParameter> Parameters);

/// <summary>Describes endpoints where they are mapped.</summary>
internal static class DescribedEndpoints
{
    /// <param name="endpoint">What was mapped.</param>
    /// <param name="id">The operation's name, for programs that are made from the document.</param>
    /// <param name="tag">The concern.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="query">All that the query may have.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string id, string tag, string summary, params ApiParameter[] query)
        => endpoint.WithName(id).WithTags(tag).WithSummary(summary).WithMetadata(new EndpointDescription(query));

    /// <summary>The errors that its own rules lead to; those of the door and of faults everybody has.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<AdminError>(status);
        }
        return endpoint;
    }

    /// <summary>An answer that is no JSON.</summary>
    public static RouteHandlerBuilder Sends(this RouteHandlerBuilder endpoint, string mediaType)
        => endpoint.Produces<string>(StatusCodes.Status200OK, mediaType);
}
