using Kipuka.Plugins.TransportHttps.Http;
using Kipuka.Plugins.TransportHttps.Tls;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>EST over HTTPS (RFC 7030), and the admin application on its own listener.</summary>
public sealed class HttpsTransportPlugin : Plugin<ITransport, HttpsSettings>
{
    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(HttpsSettings settings)
    {
        var problems = new List<SettingsProblem>();
        problems.AddRange(ServerCertificate.Check(settings.Cert, settings.Key, "cert", "key", TimeProvider.System));
        problems.AddRange(CipherSuites.Check(settings.CipherSuites));
        if (EstPath.Problem(settings.BasePath) is { } problem)
        {
            problems.Add(new("est.base_path", problem));
        }
        if (settings.AdminEnabled != false)
        {
            problems.AddRange(CheckAdmin(settings));
        }
        return problems;
    }

    /// <inheritdoc/>
    public override async ValueTask<ITransport> StartAsync(HttpsSettings settings, IPluginHost host, CancellationToken cancel)
        => await HttpsTransport.CreateAsync(settings, host, cancel);

    private static IEnumerable<SettingsProblem> CheckAdmin(HttpsSettings settings)
    {
        if (settings.ListenersCollide)
        {
            yield return new("server.admin_listen",
                $"{settings.AdminListen} takes the port of server.listen = {settings.Listen}; give the admin listener a port of its own");
        }
        if (settings is { SharesListener: true, AdminCert: not null } or { SharesListener: true, AdminKey: not null })
        {
            yield return new(settings.AdminCert is null ? "admin.key" : "admin.cert",
                $"server.listen = {settings.Listen} already covers server.admin_listen = {settings.AdminListen}, so /admin is served with the "
                + "[tls] pair; give the admin listener a port of its own, or remove admin.cert and admin.key");
        }
        if (settings is { AdminCert: { } cert, AdminKey: { } key })
        {
            foreach (var problem in ServerCertificate.Check(cert, key, "admin.cert", "admin.key", TimeProvider.System))
            {
                yield return problem;
            }
        }
        else if (settings.AdminCert is not null || settings.AdminKey is not null)
        {
            yield return settings.AdminKey is null
                ? new("admin.cert", "has no admin.key beside it; give both, or neither to use the [tls] pair")
                : new("admin.key", "has no admin.cert beside it; give both, or neither to use the [tls] pair");
        }
    }
}
