using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugin_1;

/// <summary>Serves one request for each connection.</summary>
internal sealed class FrameTransport(FrameSettings settings, IPluginHost host) : ITransport
{
    private readonly CancellationTokenSource stop = new(); // no further connections
    private readonly CancellationTokenSource cut = new(); // nor any that are there
    private readonly ConcurrentDictionary<Task, byte> serving = [];
    private Socket? listener;
    private Task accepting = Task.CompletedTask;
    private volatile bool disposed;

    public ValueTask ListenAsync(TransportServices services, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancel.ThrowIfCancellationRequested();
        // A duplicate of the host's socket: after a reload the next instance accepts from the same one.
        listener = services.Sockets.Acquire(settings.Listen, SocketType.Stream);
        listener.Listen();
        accepting = AcceptAsync(listener, services.Est);
        return default;
    }

    public async ValueTask UnbindAsync(CancellationToken cancel)
    {
        await stop.CancelAsync();
        await accepting;
        using (cancel.Register(cut.Cancel))
        {
            await Task.WhenAll(serving.Keys).WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        await stop.CancelAsync();
        await cut.CancelAsync();
        await accepting;
        listener?.Dispose();
        await Task.WhenAll(serving.Keys);
        stop.Dispose();
        cut.Dispose();
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
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException fault)
            {
                host.Logger.LogWarning(fault, "A connection could not be accepted");
            }
        }
    }

    // Does not throw: a client that breaks the rules or goes away harms itself alone.
    private async Task ServeAsync(Socket client, IEstService est)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cut.Token);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
            late.CancelAfter(settings.ReadTimeout);
            var request = await Frame.ReadAsync(stream, (IPEndPoint)client.RemoteEndPoint!, settings.MaxBodySize.Bytes, late.Token);
            var watching = WatchAsync(stream, gone);
            using var answer = await est.HandleAsync(request, gone.Token);
            gone.Token.ThrowIfCancellationRequested();
            await Frame.WriteAsync(stream, answer, gone.Token);
            answer.WhenWritten?.Invoke();
            client.Shutdown(SocketShutdown.Send);
            await watching;
        }
        catch (Exception fault) when (fault is IOException or SocketException or InvalidDataException or OperationCanceledException)
        {
            host.Logger.LogDebug(fault, "A connection ended early");
        }
    }

    // After its request a client sends nothing: whatever can be read now means that it has gone.
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
