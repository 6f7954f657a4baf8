using System.Net;
using System.Net.Sockets;
using Kipuka.Plugins.TransportHttps.Http;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>Kestrel without a host around it: no signal handlers, no environment variables, no routing.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    private const int MaxHeaderBytes = 32 << 10;
    private const int MaxRequestLine = 8 << 10;
    private const int MaxHeaders = 64;

    private static readonly LingerOption NoLinger = new(false, 0);

    private readonly WebApplication container;
    private readonly IServer server;
    private readonly List<Socket> listening;
    private readonly OpenConnections connections;

    private KestrelHost(WebApplication container, List<Socket> listening, OpenConnections connections)
    {
        (this.container, this.listening, this.connections) = (container, listening, connections);
        server = container.Services.GetRequiredService<IServer>();
    }

    public static KestrelHost Build(HttpsSettings settings, IReadOnlyList<Listener> listeners, IListeningSockets sockets, ILogger logger)
    {
        var (listening, connections) = (new List<Socket>(), new OpenConnections());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(new HostLogging(logger));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            options.CreateBoundListenSocket = endpoint =>
            {
                var socket = sockets.Acquire((IPEndPoint)endpoint, SocketType.Stream);
                listening.Add(socket);
                return socket;
            };
            // A flush completes when the kernel has the bytes, so that WhenWritten means something.
            options.MaxWriteBufferSize = 2;
        });
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            SetLimits(options.Limits, settings);
            foreach (var listener in listeners)
            {
                options.Listen(listener.Address, listen => Configure(listen, listener, connections, settings, logger));
            }
        });
        return new(builder.Build(), listening, connections);
    }

    public Task StartAsync(RequestDelegate handle, CancellationToken cancel) => server.StartAsync(new Application(handle), cancel);

    /// <summary>
    /// Stops accepting, and serves the connections that there are until the last has gone, or for as long as given. A server that closes an idle connection may
    /// meet the client's next request on its way (RFC 9112 section 9.5); told with an answer, the client goes by itself.
    /// </summary>
    public async Task TakeLeaveAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancel)
    {
        // Kestrel would close idle connections in the same breath, so its sockets are closed under it: that ends its accepting, and nothing else.
        listening.ForEach(socket => socket.Dispose());
        await connections.EndAsync().WaitAsync(limit, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops accepting, closes idle connections and drains; cuts what is left when cancelled.</summary>
    public Task StopAsync(CancellationToken cancel) => server.StopAsync(cancel);

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private static void SetLimits(KestrelServerLimits limits, HttpsSettings settings)
    {
        limits.MaxConcurrentConnections = settings.MaxConnections;
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestBufferSize = 2 * MaxHeaderBytes;
        // The operation's own limit is checked with the body: see RequestBody.
        var largest = Math.Max(settings.MaxBodySize.Bytes, settings.MaxFullCmcBody);
        limits.MaxRequestBodySize = largest;
        limits.RequestHeadersTimeout = settings.HeaderTimeout;
        limits.KeepAliveTimeout = settings.IdleTimeout;
        // After the time for a whole body only a rate that no allowed body has is fast enough: a deadline without a timer per request.
        limits.MinRequestBodyDataRate = new(largest / settings.BodyTimeout.TotalSeconds + 1, settings.BodyTimeout);
    }

    private static void Configure(ListenOptions listen, Listener listener, OpenConnections connections, HttpsSettings settings, ILogger logger)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            // .NET puts "reset on close" on a listening socket that it closes, and its duplicate, which accepts on, hands that down.
            connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.LingerState = NoLinger;
            return connections.CountAsync(next, connection);
        });
        var options = new ValueTask<System.Net.Security.SslServerAuthenticationOptions>(listener.Tls);
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => options, HandshakeTimeout = settings.HandshakeTimeout });
        listen.Use(next => connection =>
        {
            if (listener.Admit(connection, logger))
            {
                return next(connection);
            }
            connection.Abort(new ConnectionAbortedException("the connection is not what this listener allows"));
            return Task.CompletedTask;
        });
    }
}
