using System.Globalization;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Answers EST requests: the checks that belong to HTTP, in the order of ruling 26, then the EST service.</summary>
internal sealed class EstEndpoint(IEstService service, HttpsSettings settings)
{
    private readonly OperationRules[] rules = [.. Enum.GetValues<EstOperation>().Select(operation => OperationRules.Of(operation, settings))];
    private readonly bool needsCertificate = settings.EffectiveClientAuth == ClientAuthMode.Required;
    private readonly int? columns = settings.Base64Wrap == "auto" ? null : int.Parse(settings.Base64Wrap, CultureInfo.InvariantCulture);

    public async Task HandleAsync(HttpContext context, TlsPeer peer, EstOperation operation, string? label, string? argument)
    {
        var rule = rules[(int)operation];
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            await Reply.OptionsAsync(context, rule.Allow);
            return;
        }
        if (RefusalOf(context, peer, rule) is { } refusal)
        {
            await Reply.RefuseAsync(context, refusal.Status, refusal.Code, refusal.Detail);
            return;
        }
        EstBody body = new EstBody.None();
        var wrapped = context.Request.Headers.UserAgent.ToString().StartsWith("libest", StringComparison.Ordinal);
        if (!rule.IsRead)
        {
            using var raw = await RequestBody.ReadAsync(context.Request, rule.MaxBody);
            if (raw.Status != 0)
            {
                await RefuseBodyAsync(context, raw.Status, rule.MaxBody);
                return;
            }
            body = BodyDecoder.Decode(raw.Bytes, rule.Armour, out wrapped);
        }
        var credential = AuthorizationHeader.Read(context.Request.Headers.Authorization);
        try
        {
            var request = new EstRequest(operation, label, body, peer.For(credential, !rule.IsRead)) { Argument = argument };
            using var answer = await service.HandleAsync(request, context.RequestAborted);
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

    private Refusal? RefusalOf(HttpContext context, TlsPeer peer, OperationRules rule)
    {
        var (request, headers) = (context.Request, context.Request.Headers);
        if (needsCertificate && !peer.HasCertificate)
        {
            return new(403, "client-certificate", "this server asks every client for a TLS certificate, and none was presented");
        }
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (rule.IsRead ? !isRead : !HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = rule.Allow;
            return new(405, "method", $"this operation is asked with {(rule.IsRead ? "GET" : "POST")}");
        }
        if (!rule.IsRead && request.ContentLength > rule.MaxBody)
        {
            context.Response.Headers.Connection = "close";
            return new(413, "too-large", TooLarge(rule.MaxBody));
        }
        if (!rule.IsRead && rule.Problem(request.ContentType) is { } problem)
        {
            return new(problem.Status, "content-type", problem.Reason);
        }
        if (headers.Authorization.Count > 1)
        {
            return new(400, "authorization", "there is more than one Authorization header");
        }
        return headers.Authorization.ToString().Length > AuthorizationHeader.LongestValue
            ? new(431, "authorization", "the Authorization header is longer than 16KB")
            : null;
    }

    // The rest of the body is not wanted, so the connection cannot be used again.
    private ValueTask<bool> RefuseBodyAsync(HttpContext context, int status, long limit)
    {
        context.Response.Headers.Connection = "close";
        return status switch
        {
            413 => Reply.RefuseAsync(context, status, "too-large", TooLarge(limit)),
            408 => Reply.RefuseAsync(context, status, "timeout", $"the body did not arrive within {settings.BodyTimeout.TotalSeconds:0} seconds"),
            _ => Reply.RefuseAsync(context, status, "body", "the body ends early or its chunks are broken"),
        };
    }

    private static string TooLarge(long limit) => $"the body is larger than {new ByteSize(limit)}";

    private readonly record struct Refusal(int Status, string Code, string Detail);
}
