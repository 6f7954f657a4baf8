using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>A TLS connection on which a test writes and reads the bytes itself.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _socket;

    private Wire(TcpClient socket, SslStream stream) => (_socket, Stream) = (socket, stream);

    public SslStream Stream { get; }

    public Socket Socket => _socket.Client;

    public static async Task<Wire> ConnectAsync(
        KipukaServer server, SslProtocols protocols = SslProtocols.None, X509Certificate2? certificate = null, Action<SslClientAuthenticationOptions>? change = null,
        int? port = null)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port ?? server.Port);
        var stream = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { server.Authority.Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        };
        if (certificate is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        }
        change?.Invoke(options);
        try
        {
            await stream.AuthenticateAsClientAsync(options).WaitAsync(Patience);
        }
        catch (Exception)
        {
            await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
        return new Wire(socket, stream);
    }

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<Answer> AskAsync(KipukaServer server, string request)
    {
        await using var wire = await ConnectAsync(server);
        return await wire.AskAsync(request);
    }

    public async Task<Answer> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReadAsync();
    }

    public async Task SendAsync(string text)
    {
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        await Stream.FlushAsync();
    }

    /// <summary>One answer: its head, then as many bytes as it announces.</summary>
    public async Task<Answer> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.Latin1.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await Stream.ReadAsync(one, limit.Token) == 0)
            {
                throw new IOException($"The connection ended after {head.Count} bytes of the head.");
            }
            head.Add(one[0]);
        }
        var text = Encoding.Latin1.GetString([.. head]);
        var answer = new Answer(int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text, []);
        var body = new byte[int.Parse(answer.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        await Stream.ReadExactlyAsync(body, limit.Token);
        return answer with { Body = body };
    }

    /// <summary>True when the other side ends the connection within the time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        var buffer = new byte[4096];
        try
        {
            while (await Stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        _socket.Dispose();
    }

    internal sealed record Answer(int Status, string Head, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);

        public string? Header(string name) => Head.Split("\r\n").Select(line => line.Split(':', 2))
            .FirstOrDefault(parts => parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

        public override string ToString() => Head + Text;
    }
}
