using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Writes answers: headers and body in one flush, always with a length, never chunked (ruling 25).</summary>
internal static class Reply
{
    private const int LongestDetail = 1024;

    // Linux gives a socket's send buffer this much from the start (tcp_wmem).
    private const int SentAtOnce = 16 << 10;

    /// <summary>Writes an answer of the EST service.</summary>
    /// <returns>Whether the whole answer was handed to a connection that still stands.</returns>
    public static ValueTask<bool> SendAsync(HttpContext context, EstResponse answer, int columns)
    {
        if (answer.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (answer.Challenges.Count > 0)
        {
            context.Response.Headers.WWWAuthenticate = (string[])[.. answer.Challenges];
        }
        if (answer.Parts.Count > 0)
        {
            context.Response.StatusCode = StatusOf(answer.Status);
            return SendPartsAsync(context, Multipart.Of(answer.Parts, columns));
        }
        switch (answer.Status)
        {
            case EstStatus.Pending:
                // No body, but its length: Bouncy Castle takes 202 only with it (ruling 27).
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return SendAsync(context, ReadOnlyMemory<byte>.Empty);
            case EstStatus.Empty:
                // No Content-Length: Bouncy Castle throws on a 204 that has one.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return CompleteAsync(context);
            case EstStatus.Unauthenticated when answer.Challenges.Count > 0 && !HasCredential(context.Request) && !WantsJson(context.Request):
                // It only asks for the password, which the header says. Bouncy Castle drops it unread, and throws if a body was announced.
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return SendAsync(context, ReadOnlyMemory<byte>.Empty);
            default:
                return RefuseAsync(context, StatusOf(answer.Status), answer.Code, answer.Detail ?? "refused");
        }
    }

    /// <summary>One line of text, or JSON for a client that asks for it (ruling 28).</summary>
    public static ValueTask<bool> RefuseAsync(HttpContext context, int status, string? code, string detail)
    {
        context.Response.StatusCode = status;
        detail = OneLine(detail);
        if (WantsJson(context.Request))
        {
            context.Response.ContentType = "application/json";
            return SendAsync(context, Json(code ?? "refused", detail));
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        return SendAsync(context, Encoding.UTF8.GetBytes(code is null ? detail + "\n" : $"{code}: {detail}\n"));
    }

    /// <summary>204 with the methods that the path knows.</summary>
    public static ValueTask<bool> OptionsAsync(HttpContext context, string allow)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = allow;
        return CompleteAsync(context);
    }

    private static async ValueTask<bool> SendPartsAsync(HttpContext context, Multipart body)
    {
        var response = context.Response;
        response.ContentType = body.ContentType;
        if (body.IsBase64)
        {
            response.Headers["Content-Transfer-Encoding"] = "base64";
        }
        response.ContentLength = body.Length;
        if (body.Length == 0 || HttpMethods.IsHead(context.Request.Method))
        {
            return await CompleteAsync(context);
        }
        await response.StartAsync();
        body.Write(response.BodyWriter.GetSpan(body.Length)[..body.Length]);
        return await FlushAsync(context, body.Length);
    }

    private static async ValueTask<bool> SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return await CompleteAsync(context);
        }
        await context.Response.StartAsync();
        body.Span.CopyTo(context.Response.BodyWriter.GetSpan(body.Length));
        return await FlushAsync(context, body.Length);
    }

    // Started, then one span for the whole body: the headers are in one TLS record with a small body, and a larger body is in the next. strongSwan
    // reads the headers from one record and the body from at most one more.
    private static async ValueTask<bool> FlushAsync(HttpContext context, int length)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
        context.Response.BodyWriter.Advance(length);
        var flushed = await context.Response.BodyWriter.FlushAsync();
        // A client that hangs up as soon as it has read everything has got its answer: of one that the kernel took in one piece a later end says nothing.
        return flushed is { IsCanceled: false, IsCompleted: false } && (length <= SentAtOnce || !context.RequestAborted.IsCancellationRequested);
    }

    private static async ValueTask<bool> CompleteAsync(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
        await context.Response.CompleteAsync();
        return true;
    }

    private static bool HasCredential(HttpRequest request) => request.Headers.Authorization.Count > 0;

    private static bool WantsJson(HttpRequest request)
        => request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);

    private static int StatusOf(EstStatus status) => status switch
    {
        EstStatus.Ok => StatusCodes.Status200OK,
        EstStatus.Pending => StatusCodes.Status202Accepted,
        EstStatus.Malformed => StatusCodes.Status400BadRequest,
        EstStatus.Unauthenticated => StatusCodes.Status401Unauthorized,
        EstStatus.Forbidden => StatusCodes.Status403Forbidden,
        EstStatus.NotFound => StatusCodes.Status404NotFound,
        EstStatus.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string OneLine(string text)
        => string.Create(Math.Min(text.Length, LongestDetail), text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });

    private static ReadOnlyMemory<byte> Json(string code, string detail)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("error", code);
            json.WriteString("message", detail);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
