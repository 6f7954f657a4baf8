using System.Diagnostics;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Every request comes here first: the path decides between EST, the admin application and 404.</summary>
internal sealed class Front(TransportServices services, HttpsSettings settings, ILogger logger)
{
    private readonly EstPath paths = new(settings.BasePath);
    private readonly EstEndpoint est = new(services.Est, settings);
    private volatile bool draining;

    /// <summary>From now on every answer asks the client to go.</summary>
    public void Drain() => draining = true;

    public async Task HandleAsync(HttpContext context)
    {
        if (draining)
        {
            context.Response.Headers.Connection = "close";
        }
        try
        {
            await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
            context.Abort();
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            context.Response.Headers.Connection = "close";
            await Reply.RefuseAsync(context, refused.StatusCode, "request", "the request's body is larger, slower or less complete than allowed");
        }
        catch (Exception error)
        {
            await FailAsync(context, error);
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var peer = context.Features.GetRequiredFeature<TlsPeer>();
        Span<char> buffer = stackalloc char[TargetPath.LongestPath];
        if (TargetPath.TryRead(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, buffer, out var length))
        {
            ReadOnlySpan<char> path = buffer[..length];
            if (peer.CarriesEst && paths.TryRead(path, out var operation, out var label, out var argument))
            {
                return est.HandleAsync(context, peer, operation, label, argument);
            }
            if (peer.CarriesAdmin && AdminPath.Owns(path) && services.Find<RequestDelegate>() is { } admin)
            {
                // What the connection proved, for the admin application to judge: with the intermediates, which ASP.NET's own feature lacks.
                context.Features.Set(peer.For(credential: null, withBinding: false));
                return admin(context);
            }
        }
        return Reply.RefuseAsync(context, 404, "not-found", "there is nothing at this path").AsTask();
    }

    private async Task FailAsync(HttpContext context, Exception error)
    {
        // The reference joins the client's line and the log's without telling the client anything else.
        var reference = Activity.Current?.Id ?? context.TraceIdentifier;
        logger.LogError(error, "A request failed unexpectedly; reference {Reference}", reference);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.Clear();
        context.Response.Headers.Connection = "close";
        await Reply.RefuseAsync(context, 500, "internal", $"the server failed; its log has the reference {reference}");
    }
}
