using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>A TLS connection that sends exactly the bytes it is told and reads answers byte for byte.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly byte[] buffer = new byte[256 << 10];
    private int filled;

    private RawClient(Socket socket, RecordCounter records, SslStream tls) => (Socket, Records, Tls) = (socket, records, tls);

    public Socket Socket { get; }

    public RecordCounter Records { get; }

    public SslStream Tls { get; }

    public static async Task<RawClient> ConnectAsync(IPEndPoint server, Action<SslClientAuthenticationOptions>? change = null, IPAddress? from = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }
        await socket.ConnectAsync(server);
        var records = new RecordCounter(new NetworkStream(socket, ownsSocket: true));
        var tls = new SslStream(records);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            AllowTlsResume = false,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestCertificates.Root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        };
        change?.Invoke(options);
        using var limit = new CancellationTokenSource(TestServer.Patience);
        await tls.AuthenticateAsClientAsync(options, limit.Token);
        return new(socket, records, tls);
    }

    public async Task SendAsync(string text) => await Tls.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a request whose lines are separated by LF here, with a Content-Length where a body is given.</summary>
    public async Task<RawAnswer> AskAsync(string request, byte[]? body = null)
    {
        var head = request.ReplaceLineEndings("\r\n").TrimEnd() + "\r\nHost: localhost\r\n"
            + (body is null ? "" : $"Content-Length: {body.Length}\r\n") + "\r\n";
        await Tls.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body ?? []]);
        return await ReadAsync(hasBody: !request.StartsWith("HEAD", StringComparison.Ordinal));
    }

    public async Task<RawAnswer> ReadAsync(bool hasBody = true)
    {
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }
        var head = Encoding.Latin1.GetString(buffer, 0, end);
        var answer = new RawAnswer(head, await TakeAsync(end + 4, 0));
        var length = hasBody && answer.Header("Content-Length") is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : 0;
        return answer with { Body = await TakeAsync(0, length) };
    }

    /// <summary>True when the server closes without a further byte.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var limit = new CancellationTokenSource(TestServer.Patience);
        try
        {
            return filled == 0 && await Tls.ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync() => Tls.DisposeAsync();

    private async Task<byte[]> TakeAsync(int skip, int length)
    {
        while (filled < skip + length)
        {
            await FillAsync();
        }
        var taken = buffer.AsSpan(skip, length).ToArray();
        filled -= skip + length;
        Buffer.BlockCopy(buffer, skip + length, buffer, 0, filled);
        return taken;
    }

    private async Task FillAsync()
    {
        using var limit = new CancellationTokenSource(TestServer.Patience);
        var read = await Tls.ReadAsync(buffer.AsMemory(filled), limit.Token);
        filled += read > 0 ? read : throw new EndOfStreamException($"the server closed after {filled} bytes");
    }
}
