using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>A TCP connection, with or without TLS.</summary>
internal sealed class StreamLink : ILink
{
    private const int ChunkSize = 64 * 1024;
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(1);

    private readonly Socket socket;
    private readonly Stream stream;
    private readonly Framing framing;
    private readonly TimeProvider clock;
    private readonly ArrayBufferWriter<byte> chunk = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task<string> watching;
    private volatile string? ended;

    public StreamLink(Socket socket, Stream stream, Framing framing, TimeProvider clock)
    {
        this.socket = socket;
        this.stream = stream;
        this.framing = framing;
        this.clock = clock;
        watching = WatchAsync();
    }

    public string? Ended => ended;

    /// <summary>Completes early, with the reason, when the server ends the connection.</summary>
    public async Task<string?> EndsWithinAsync(TimeSpan time, CancellationToken cancel)
    {
        try
        {
            return await watching.WaitAsync(time, clock, cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        if (framing == Framing.OctetCounting)
        {
            chunk.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
        }
        chunk.Write(message.Span);
        if (framing == Framing.Newline)
        {
            chunk.Write("\n"u8); // no other in it: control characters are written out
        }
        if (chunk.WrittenCount >= ChunkSize)
        {
            await WriteAsync(cancel);
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        await WriteAsync(cancel);
        await SendQueue.DrainAsync(socket, () => Ended, clock, cancel);
        if (Ended is { } reason)
        {
            throw new IOException(reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        if (stream is SslStream tls)
        {
            // RFC 5425 section 4.4: close_notify. A server that is gone does not hold us up.
            await SayFarewellAsync(tls).WaitAsync(FarewellLimit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await stream.DisposeAsync();
        socket.Dispose();
        stop.Dispose();
    }

    // What it throws before its first wait has to be in the task, too.
    private static async Task SayFarewellAsync(SslStream tls) => await tls.ShutdownAsync();

    private async Task WriteAsync(CancellationToken cancel)
    {
        if (chunk.WrittenCount == 0)
        {
            return;
        }
        await stream.WriteAsync(chunk.WrittenMemory, cancel);
        await stream.FlushAsync(cancel);
        chunk.ResetWrittenCount();
    }

    /// <summary>Reads, because only that tells that the server has closed or refused us. Syslog has no answers; what comes is dropped.</summary>
    private async Task<string> WatchAsync() => ended = await ReadToEndAsync();

    private async Task<string> ReadToEndAsync()
    {
        var dropped = new byte[256];
        try
        {
            while (await stream.ReadAsync(dropped, stop.Token) > 0)
            {
            }
            return "the server closed the connection";
        }
        catch (Exception fault)
        {
            return $"the connection broke: {fault.GetBaseException().Message}";
        }
    }
}
