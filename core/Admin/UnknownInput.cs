using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Kipuka.Admin;

/// <summary>What an endpoint does not read is refused: whoever sent it meant something by it.</summary>
internal static class UnknownInput
{
    private const int EmptyObjectBytes = 16; // with room for white space

    public static Task RefuseParametersAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointDescription>() is { Parameters: var known }
            && context.Request.Query.Keys.FirstOrDefault(key => known.All(parameter => parameter.Name != key)) is { } unknown)
        {
            throw new AdminException(
                StatusCodes.Status400BadRequest, "bad_request", $"the parameter {Text.Printable(unknown)} is unknown; "
                    + (known.Count == 0 ? "there are none here" : $"known: {string.Join(", ", known.Select(parameter => parameter.Name))}"));
        }
        return next(context);
    }

    public static async Task RefuseBodyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<EndpointDescription>() is not null
            && metadata.GetMetadata<IAcceptsMetadata>() is null && !await IsEmptyAsync(context))
        {
            throw new AdminException(StatusCodes.Status400BadRequest, "bad_request", "nothing is known here that a body could say; leave it out");
        }
        await next(context);
    }

    // Some clients send {} where they have nothing to say.
    private static async Task<bool> IsEmptyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return true;
        }
        var bytes = new byte[EmptyObjectBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        var said = bytes.AsSpan(0, length).Trim(" \t\r\n"u8);
        return length <= EmptyObjectBytes && (said.IsEmpty || (said[0] == '{' && said[^1] == '}' && said.Length > 1 && said[1..^1].Trim(" \t\r\n"u8).IsEmpty));
    }
}
