using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>What Kestrel calls: one delegate, no host, no routing. The context of a connection is used again for its next request.</summary>
internal sealed class Application(RequestDelegate handle) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is IHostContextContainer<HttpContext> { HostContext: DefaultHttpContext used })
        {
            used.Initialize(contextFeatures);
            return used;
        }
        var context = new DefaultHttpContext(contextFeatures);
        if (contextFeatures is IHostContextContainer<HttpContext> container)
        {
            container.HostContext = context;
        }
        return context;
    }

    public Task ProcessRequestAsync(HttpContext context) => handle(context);

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();
}
