using System.Net.Sockets;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>How a transport begins to listen, ends, and hands its port on.</summary>
internal sealed class TransportLifeChecks(TransportOptions options)
{
    private const int Rounds = 10;
    private const int AnswersAfterTakeover = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task ListensAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        if (connection.Server.Listening.Bound.IsEmpty)
        {
            throw CheckException.Failed("ListenAsync acquired no socket of IListeningSockets. Sockets belong to the host, or no reload could keep the port open.");
        }
        if (options.Client is not null)
        {
            await connection.SendAsync(connection.Request());
        }
    }

    public static async Task OwnSocketsAsync(Bench<ITransport> bench)
    {
        if (!OwnListeners.CanBeListed)
        {
            throw CheckException.NotApplicable("Only Linux lists the sockets of a process.");
        }
        // Other tests of the process may open sockets at the same moment, but hardly in each round.
        int? extra = null;
        for (var round = 0; round < Rounds; round++)
        {
            var before = OwnListeners.Find();
            var connection = await Connection.OpenAsync(bench, new TransportOptions());
            var ours = connection.Server.Listening.Bound.Select(address => address.Port).ToHashSet();
            var opened = OwnListeners.Find().Where(socket => !before.ContainsKey(socket.Key) && !ours.Contains(socket.Value)).ToList();
            await bench.StopAsync(connection.Transport);
            if (opened.Count == 0)
            {
                return;
            }
            extra = opened[0].Value;
        }
        throw CheckException.Failed($"The transport listens on port {extra} with a socket of its own. Acquire every one from IListeningSockets, or no reload could keep the port open.");
    }

    public async Task DrainAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        var (arrived, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        connection.Server.Answer = async (_, _) =>
        {
            arrived.TrySetResult();
            await go.Task;
            return new EstResponse(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 });
        };
        var answering = connection.SendAsync(connection.Request());
        if (await Task.WhenAny(arrived.Task, answering) == answering)
        {
            await answering; // which says why there is nothing to drain
        }
        var unbinding = Task.Run(async () => await connection.Transport.UnbindAsync(bench.Cancel), CancellationToken.None);
        var early = await Task.WhenAny(unbinding, answering, Task.Delay(CommonChecks.Grace / 10, bench.Cancel));
        go.TrySetResult();
        if (early == unbinding)
        {
            throw CheckException.Failed("UnbindAsync completed while a request was not answered yet. It completes when the last one has been.");
        }
        await answering;
        if (await bench.ThrownByAsync(() => unbinding.WaitAsync(Patience, CancellationToken.None)) is { } fault)
        {
            throw CheckException.Failed($"UnbindAsync did not complete after the last request had been answered: {fault.GetType().Name}: {fault.Message}");
        }
    }

    public async Task UnbindCancelAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        var (arrived, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        connection.Server.Answer = async (_, _) =>
        {
            arrived.TrySetResult();
            await go.Task;
            return new EstResponse(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 });
        };
        var answering = bench.ThrownByAsync(() => connection.Client.SendAsync(connection.Address, connection.Request(), bench.Cancel));
        await Task.WhenAny(arrived.Task, answering);
        var unbinding = Task.Run(async () => await connection.Transport.UnbindAsync(new CancellationToken(canceled: true)), CancellationToken.None);
        var fault = await bench.ThrownByAsync(() => unbinding.WaitAsync(Patience, CancellationToken.None));
        var hangs = !unbinding.IsCompleted;
        go.TrySetResult();
        await answering;
        if (hangs)
        {
            throw CheckException.Failed($"UnbindAsync waited for {Patience.TotalSeconds:0} s although it was cancelled. Then what is left is cut.");
        }
        if (fault is not (null or OperationCanceledException))
        {
            throw CheckException.Failed($"UnbindAsync threw {fault.GetType().Name} when it was cancelled ({fault.Message}); complete, or throw OperationCanceledException.");
        }
    }

    public static async Task PortAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, new TransportOptions());
        var address = connection.Address;
        await connection.Transport.UnbindAsync(bench.Cancel);
        await bench.StopAsync(connection.Transport);
        if (connection.Server.Listening.InUse != 0)
        {
            throw CheckException.Failed($"After DisposeAsync {connection.Server.Listening.InUse} acquired socket(s) are not disposed, so the port stays taken.");
        }
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(address);
    }

    public async Task TakeoverAsync(Bench<ITransport> bench)
    {
        var old = await Connection.OpenAsync(bench, options);
        await old.SendAsync(old.Request());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(bench.Cancel);
        var (answered, isOver, enough) = (0, false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var clients = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await old.SendAsync(old.Request());
                if (Volatile.Read(ref isOver) && ++answered == AnswersAfterTakeover)
                {
                    enough.TrySetResult();
                }
            }
        }, CancellationToken.None);
        // As a reload does: the new one listens, then the old one ends.
        var next = await Connection.OpenAsync(bench, options, old.Server);
        await old.Transport.UnbindAsync(bench.Cancel);
        await bench.StopAsync(old.Transport);
        Volatile.Write(ref isOver, true);
        await Task.WhenAny(enough.Task, clients);
        await stop.CancelAsync();
        if (await bench.ThrownByAsync(() => clients) is { } fault)
        {
            throw CheckException.Failed($"While a second service took the port over a client was not served: {fault.Message} Both may accept from the same socket; the old one serves what it accepted.");
        }
        await next.Transport.UnbindAsync(bench.Cancel);
    }

    public static async Task CancelAsync(Bench<ITransport> bench)
    {
        var transport = await bench.StartAsync();
        var server = new TckServer();
        var fault = await bench.ThrownByAsync(() => Task.Run(async () => await transport.ListenAsync(server, new CancellationToken(canceled: true))).WaitAsync(CommonChecks.Grace, CancellationToken.None));
        if (fault is not (null or OperationCanceledException))
        {
            throw CheckException.Failed($"ListenAsync threw {fault.GetType().Name} when it was cancelled ({fault.Message}); throw OperationCanceledException.");
        }
        await bench.StopAsync(transport);
        if (server.Listening.InUse != 0)
        {
            throw CheckException.Failed("After a cancelled ListenAsync and DisposeAsync a socket is not disposed.");
        }
    }

    public static async Task AfterDisposeAsync(Bench<ITransport> bench)
    {
        var transport = await bench.StartAsync();
        await bench.StopAsync(transport);
        await CommonChecks.FailsAfterDisposeAsync(bench, "ListenAsync", () => transport.ListenAsync(new TckServer(), bench.Cancel).AsTask());
    }
}
