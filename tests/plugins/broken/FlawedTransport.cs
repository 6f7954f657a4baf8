using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Kipuka.Sdk.Transport;

namespace Kipuka.TestPlugins.Broken;

/// <summary>The template's transport, with flaws.</summary>
internal sealed class FlawedTransport(BrokenSettings settings, string flaw) : FlawedService(flaw), ITransport
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource cut = new();
    private readonly ConcurrentDictionary<Task, byte> serving = [];
    private Socket? listener;
    private Socket? extra;
    private EstBody? last;
    private Task accepting = Task.CompletedTask;

    public ValueTask ListenAsync(TransportServices services, CancellationToken cancel)
    {
        Enter(cancel);
        if (Has("listens"))
        {
            return default;
        }
        if (Has("own-sockets"))
        {
            extra = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            extra.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            extra.Listen();
        }
        listener = services.Sockets.Acquire(settings.Listen, SocketType.Stream);
        listener.Listen();
        accepting = AcceptAsync(listener, services.Est);
        return default;
    }

    public async ValueTask UnbindAsync(CancellationToken cancel)
    {
        await stop.CancelAsync();
        await accepting;
        if (Has("takeover"))
        {
            // Reaches through the duplicate to the one socket that all share.
            listener!.Shutdown(SocketShutdown.Both);
        }
        if (Has("drain"))
        {
            return;
        }
        using (cancel.Register(cut.Cancel))
        {
            await Task.WhenAll(serving.Keys).WaitAsync(Has("unbind-cancel") ? CancellationToken.None : cancel);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await stop.CancelAsync();
        await cut.CancelAsync();
        await accepting;
        extra?.Dispose();
        if (!Has("port"))
        {
            listener?.Dispose();
        }
        await Task.WhenAll(serving.Keys);
    }

    private async Task AcceptAsync(Socket socket, IEstService est)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await socket.AcceptAsync(stop.Token);
                var task = Task.Run(() => ServeAsync(client, est), CancellationToken.None);
                serving.TryAdd(task, 0);
                _ = task.ContinueWith(done => serving.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, IEstService est)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cut.Token);
        EstResponse? answer = null;
        var written = false;
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var request = await Frame.ReadAsync(stream, (IPEndPoint)client.RemoteEndPoint!, 1 << 20, gone.Token);
            last = request.Body;
            if (await CollidesAsync())
            {
                request = request with { Body = last };
            }
            var watching = WatchAsync(stream, gone);
            answer = await est.HandleAsync(Has("requests") ? request with { Label = null } : request, gone.Token);
            gone.Token.ThrowIfCancellationRequested();
            await Frame.WriteAsync(stream, answer, Flaw, gone.Token);
            written = true;
            client.Shutdown(SocketShutdown.Send);
            await watching;
        }
        catch (Exception fault) when (fault is IOException or SocketException or InvalidDataException or OperationCanceledException)
        {
            // The client's affair.
        }
        finally
        {
            if ((written || Has("not-written")) && !Has("written"))
            {
                answer?.WhenWritten?.Invoke();
            }
            if (!Has("disposes-answers"))
            {
                answer?.Dispose();
            }
        }
    }

    private static async Task WatchAsync(NetworkStream stream, CancellationTokenSource gone)
    {
        try
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, gone.Token);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A reset, or the end of serving.
        }
        await gone.CancelAsync();
    }
}
