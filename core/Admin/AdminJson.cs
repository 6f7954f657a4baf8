using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>The one shape of errors (ruling 28), and how answers are written.</summary>
internal static class AdminJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes an answer with its length, never cached.</summary>
    public static Task WriteAsync(HttpContext context, int status, object? body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (body is null)
        {
            // RFC 9110 section 8.6: no Content-Length with 204.
            context.Response.ContentLength = status == StatusCodes.Status204NoContent ? null : 0;
            return Task.CompletedTask;
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Options);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        return context.Request.Method == HttpMethods.Head ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes).AsTask();
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string error, string message)
        => WriteAsync(context, status, new AdminError(error, message));
}

/// <summary>An error of the admin API.</summary>
/// <param name="Error">Machine-readable.</param>
/// <param name="Message">One sentence.</param>
internal sealed record AdminError(string Error, string Message);

/// <summary>Ends a request with an error.</summary>
internal sealed class AdminException(int status, string error, string message) : Exception(message)
{
    public int Status => status;

    public string Error => error;
}
