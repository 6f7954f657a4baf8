using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>A handshake inside the process before the first client comes.</summary>
/// <remarks>
/// It proves that tls-exporter can be had, and it makes the SSL_CTX that .NET keeps for a certificate and puts our cipher suites there.
/// .NET's own CipherSuitesPolicy makes a new SSL_CTX for every connection, which costs a third of a handshake and ends session resumption.
/// .NET drops contexts that nobody uses, so the rehearsal's server side stays open as long as the listener.
/// </remarks>
internal sealed class TlsRehearsal : IAsyncDisposable
{
    // A failing end does not always tell the other.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Two listeners with one certificate share an SSL_CTX; whoever comes second finds it ready, not half way.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    private readonly List<SslStream> streams = [];

    private TlsRehearsal()
    {
    }

    /// <summary>Whether RFC 9266 values can be had on this platform.</summary>
    public bool HasExporter { get; private set; }

    /// <summary>Whether the certificate's context now holds exactly the wanted suites, so that no CipherSuitesPolicy is needed.</summary>
    public bool HasSuites { get; private set; }

    public static async Task<TlsRehearsal> RunAsync(SslServerAuthenticationOptions options, IReadOnlyCollection<TlsCipherSuite> suites, CancellationToken cancel)
    {
        var rehearsal = new TlsRehearsal();
        if (!Libssl.IsUsable)
        {
            return rehearsal;
        }
        await OneAtATime.WaitAsync(cancel);
        try
        {
            var (client, server) = await rehearsal.HandshakeAsync(options, cancel);
            rehearsal.HasExporter = ExporterAgrees(client, server);
            var context = Libssl.ContextOf(server);
            var wanted = suites.Where(Libssl.Knows).ToHashSet();
            // Exactly one handshake: the context is new and ours alone. Otherwise an earlier listener uses it, and it is right already or left alone.
            if (!Libssl.GetSuites(context).SetEquals(wanted) && (Libssl.Accepted(context) != 1 || !Libssl.SetSuites(context, wanted)))
            {
                return rehearsal;
            }
            (_, var second) = await rehearsal.HandshakeAsync(options, cancel);
            rehearsal.HasSuites = Libssl.ContextOf(second) == context && wanted.Contains(second.NegotiatedCipherSuite)
                && Libssl.GetSuites(context).IsSubsetOf(wanted);
            return rehearsal;
        }
        catch
        {
            await rehearsal.DisposeAsync();
            throw;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
        streams.Clear();
    }

    private async Task<(SslStream Client, SslStream Server)> HandshakeAsync(SslServerAuthenticationOptions options, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var (clientEnd, serverEnd) = LoopbackStream.Pair();
        var client = new SslStream(clientEnd);
        var server = new SslStream(serverEnd);
        streams.Add(server);
        streams.Add(client);
        var asClient = client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "",
                AllowTlsResume = false,
                ApplicationProtocols = options.ApplicationProtocols,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = TlsOptions.Offline(),
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Equals(options.ServerCertificateContext?.TargetCertificate) == true,
            },
            limit.Token);
        await Task.WhenAll(asClient, server.AuthenticateAsServerAsync(options, limit.Token));
        return (client, server);
    }

    private static bool ExporterAgrees(SslStream client, SslStream server)
    {
        Span<byte> ours = stackalloc byte[ChannelBinding.ExporterLength];
        Span<byte> theirs = stackalloc byte[ChannelBinding.ExporterLength];
        return server.SslProtocol == SslProtocols.Tls13
            && Libssl.Export(server, ChannelBinding.ExporterLabel, ours) && Libssl.Export(client, ChannelBinding.ExporterLabel, theirs)
            && CryptographicOperations.FixedTimeEquals(ours, theirs);
    }
}
