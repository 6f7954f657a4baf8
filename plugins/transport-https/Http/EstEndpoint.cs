using System.Globalization;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Answers EST requests: the checks that belong to HTTP, in the order of ruling 26, then the EST service.</summary>
internal sealed class EstEndpoint(IEstService service, HttpsSettings settings)
{
    private const string AllowRead = "GET, HEAD, OPTIONS";
    private const string AllowEnroll = "POST, OPTIONS";

    private readonly long maxBody = settings.MaxBodySize.Bytes;
    private readonly bool needsCertificate = settings.EffectiveClientAuth == ClientAuthMode.Required;
    private readonly int? columns = settings.Base64Wrap == "auto" ? null : int.Parse(settings.Base64Wrap, CultureInfo.InvariantCulture);

    public async Task HandleAsync(HttpContext context, TlsPeer peer, EstOperation operation, string? label)
    {
        var isEnroll = operation is EstOperation.SimpleEnroll or EstOperation.SimpleReEnroll;
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            await Reply.OptionsAsync(context, isEnroll ? AllowEnroll : AllowRead);
            return;
        }
        if (RefusalOf(context, peer, isEnroll) is { } refusal)
        {
            await Reply.RefuseAsync(context, refusal.Status, refusal.Code, refusal.Detail);
            return;
        }
        EstBody body = new EstBody.None();
        var wrapped = context.Request.Headers.UserAgent.ToString().StartsWith("libest", StringComparison.Ordinal);
        if (isEnroll)
        {
            using var raw = await RequestBody.ReadAsync(context.Request, maxBody);
            if (raw.Status != 0)
            {
                await RefuseBodyAsync(context, raw.Status);
                return;
            }
            body = BodyDecoder.Decode(raw.Bytes, out wrapped);
        }
        var credential = AuthorizationHeader.Read(context.Request.Headers.Authorization);
        try
        {
            var request = new EstRequest(operation, label, body, peer.For(credential, isEnroll));
            var answer = await service.HandleAsync(request, context.RequestAborted);
            if (await Reply.SendAsync(context, answer, columns ?? (wrapped ? 64 : 0)))
            {
                answer.WhenWritten?.Invoke();
            }
        }
        finally
        {
            credential?.Value.Dispose();
        }
    }

    private Refusal? RefusalOf(HttpContext context, TlsPeer peer, bool isEnroll)
    {
        var (request, headers) = (context.Request, context.Request.Headers);
        if (needsCertificate && !peer.HasCertificate)
        {
            return new(403, "client-certificate", "this server asks every client for a TLS certificate, and none was presented");
        }
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isEnroll ? !HttpMethods.IsPost(request.Method) : !isRead)
        {
            context.Response.Headers.Allow = isEnroll ? AllowEnroll : AllowRead;
            return new(405, "method", $"this operation is asked with {(isEnroll ? "POST" : "GET")}");
        }
        if (request.ContentLength > maxBody)
        {
            context.Response.Headers.Connection = "close";
            return new(413, "too-large", $"the body is larger than {settings.MaxBodySize}");
        }
        if (isEnroll && MediaTypeProblem(request.ContentType) is { } problem)
        {
            return problem;
        }
        if (headers.Authorization.Count > 1)
        {
            return new(400, "authorization", "there is more than one Authorization header");
        }
        return headers.Authorization.ToString().Length > AuthorizationHeader.LongestValue
            ? new(431, "authorization", "the Authorization header is longer than 16KB")
            : null;
    }

    private static Refusal? MediaTypeProblem(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return new(400, "content-type", "there is no Content-Type; send application/pkcs10");
        }
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        var media = (end < 0 ? contentType : contentType.AsSpan(0, end)).Trim();
        return media.Equals("application/pkcs10", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(415, "content-type", "the Content-Type is not application/pkcs10");
    }

    // The rest of the body is not wanted, so the connection cannot be used again.
    private ValueTask<bool> RefuseBodyAsync(HttpContext context, int status)
    {
        context.Response.Headers.Connection = "close";
        return status switch
        {
            413 => Reply.RefuseAsync(context, status, "too-large", $"the body is larger than {settings.MaxBodySize}"),
            408 => Reply.RefuseAsync(context, status, "timeout", $"the body did not arrive within {settings.BodyTimeout.TotalSeconds:0} seconds"),
            _ => Reply.RefuseAsync(context, status, "body", "the body ends early or its chunks are broken"),
        };
    }

    private readonly record struct Refusal(int Status, string Code, string Detail);
}
