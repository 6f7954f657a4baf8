using System.Collections.Frozen;
using System.Net.Security;
using Kipuka.Plugins.TransportHttps.Http;
using Kipuka.Plugins.TransportHttps.Tls;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>The running transport: one Kestrel with the EST listener and, where it has an address of its own, the admin listener.</summary>
internal sealed class HttpsTransport : ITransport, IHealthProbe
{
    // What a busy client needs for its next request, with which it learns that it should go.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly HttpsSettings settings;
    private readonly IPluginHost host;
    private readonly PresentedChains chains = new();
    private readonly FrozenSet<TlsCipherSuite> suites;
    private readonly List<TlsIdentity> identities = [];
    private Front? front;
    private KestrelHost? kestrel;
    private volatile bool disposed;

    private HttpsTransport(HttpsSettings settings, IPluginHost host)
    {
        (this.settings, this.host) = (settings, host);
        suites = CipherSuites.Resolve(settings.CipherSuites).ToFrozenSet();
    }

    public static async Task<HttpsTransport> CreateAsync(HttpsSettings settings, IPluginHost host, CancellationToken cancel)
    {
        var transport = new HttpsTransport(settings, host);
        try
        {
            await transport.AddIdentityAsync(settings.Cert, settings.Key, settings.EffectiveClientAuth != ClientAuthMode.None, cancel);
            if (settings.ChannelBinding == "required" && !transport.identities[0].HasExporter)
            {
                throw new InvalidOperationException(
                    "est.channel_binding = \"required\" needs the tls-exporter value of TLS 1.3 connections, which OpenSSL does not give here; "
                    + "set it to if-present, or run on OpenSSL 3");
            }
            if (settings is { AdminEnabled: not false, SharesListener: false })
            {
                await transport.AddIdentityAsync(
                    settings.AdminCert ?? settings.Cert, settings.AdminKey ?? settings.Key, settings.AdminTrustAnchors is not null, cancel);
            }
            if (settings.EffectiveClientAuth == ClientAuthMode.None)
            {
                host.Logger.LogWarning("Clients are not asked for certificates (no [tls.client_auth], or mode = \"none\"); none can re-enroll");
            }
            return transport;
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    public async ValueTask ListenAsync(TransportServices services, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        front = new Front(services, settings, host.Logger);
        // Nobody has switched the admin application on: its port stays shut.
        var withAdmin = settings.AdminEnabled ?? services.Find<RequestDelegate>() is not null;
        kestrel = KestrelHost.Build(settings, Listeners(withAdmin), services.Sockets, host.Logger);
        await kestrel.StartAsync(front.HandleAsync, cancel);
    }

    public async ValueTask UnbindAsync(CancellationToken cancel)
    {
        front?.Drain();
        if (kestrel is not null)
        {
            await kestrel.TakeLeaveAsync(Farewell, host.Clock, cancel);
            await kestrel.StopAsync(cancel);
        }
    }

    public ValueTask ProbeAsync(CancellationToken cancel)
    {
        foreach (var identity in identities)
        {
            if (host.Clock.GetUtcNow() > identity.NotAfter)
            {
                throw new InvalidOperationException($"the server certificate {identity.Subject} expired on {identity.NotAfter.ToUniversalTime():u}; renew it");
            }
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        if (kestrel is not null)
        {
            await kestrel.StopAsync(new CancellationToken(canceled: true));
            await kestrel.DisposeAsync();
        }
        foreach (var identity in identities)
        {
            await identity.DisposeAsync();
        }
    }

    private async Task AddIdentityAsync(SettingsFile cert, SecretFile key, bool askClient, CancellationToken cancel)
        => identities.Add(await TlsIdentity.CreateAsync(cert, key, settings.MinVersion == "1.3", askClient, suites, chains, host, cancel));

    private List<Listener> Listeners(bool withAdmin)
    {
        var (est, shared) = (identities[0], withAdmin && settings.SharesListener);
        var listeners = new List<Listener>
        {
            new(settings.Listen, est.Options, chains, suites)
            {
                CarriesEst = true,
                CarriesAdmin = shared,
                OnlyAdminAt = settings.AdminListen.Address.Equals(settings.Listen.Address) ? null : TlsPeer.Unmapped(settings.AdminListen.Address),
                HasExporter = est.HasExporter,
            },
        };
        if (shared)
        {
            host.Logger.LogWarning(
                "server.listen = {Listen} covers server.admin_listen = {Admin}: /admin is served on the EST listener, to connections to {Address} only",
                settings.Listen, settings.AdminListen, settings.AdminListen.Address);
        }
        else if (withAdmin)
        {
            listeners.Add(new(settings.AdminListen, identities[1].Options, chains, suites) { CarriesAdmin = true, HasExporter = identities[1].HasExporter });
        }
        return listeners;
    }
}
