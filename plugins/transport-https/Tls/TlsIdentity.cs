using System.Collections.Frozen;
using System.Net.Security;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>Who the server is on a listener: the certificate and the TLS options made from it, rehearsed.</summary>
internal sealed class TlsIdentity : IAsyncDisposable
{
    private readonly ServerCertificate certificate;
    private readonly TlsRehearsal rehearsal;

    private TlsIdentity(ServerCertificate certificate, SslServerAuthenticationOptions options, TlsRehearsal rehearsal)
        => (this.certificate, Options, this.rehearsal) = (certificate, options, rehearsal);

    public SslServerAuthenticationOptions Options { get; }

    public bool HasExporter => rehearsal.HasExporter;

    public DateTimeOffset NotAfter => certificate.Leaf.NotAfter;

    public string Subject => certificate.Leaf.Subject;

    public static async Task<TlsIdentity> CreateAsync(
        SettingsFile cert, SecretFile key, bool only13, bool askClient, FrozenSet<TlsCipherSuite> suites, PresentedChains chains, IPluginHost host,
        CancellationToken cancel)
    {
        var certificate = ServerCertificate.Load(cert, key);
        try
        {
            certificate.LogWeaknesses(cert, host.Clock, host.Logger);
            var options = TlsOptions.Make(certificate, suites, only13, askClient, chains);
            var rehearsal = await TlsRehearsal.RunAsync(options, suites, cancel);
            if (!rehearsal.HasSuites)
            {
                options.CipherSuitesPolicy = new CipherSuitesPolicy(suites);
                host.Logger.LogWarning(
                    "TLS sessions of {Certificate} are not resumed: its cipher suites cannot be set once for all connections on this platform, "
                    + "or were changed while a listener with the same certificate runs (a restart mends that)", cert);
            }
            if (!rehearsal.HasExporter)
            {
                host.Logger.LogWarning(
                    "Channel binding over TLS 1.3 (tls-exporter, RFC 9266) cannot be had from this platform's OpenSSL; requests over TLS 1.3 carry none");
            }
            return new(certificate, options, rehearsal);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await rehearsal.DisposeAsync();
        certificate.Dispose();
    }
}
