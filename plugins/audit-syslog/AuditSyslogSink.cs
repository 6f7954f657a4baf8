using System.Buffers;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>
/// Sends batches over one link, which is made when it is first needed and anew when it has failed. A batch that may not have arrived is an
/// exception: the host sends it again, whole. Nothing is kept for later.
/// </summary>
internal sealed class AuditSyslogSink(Connector connector, MessageFormat format, TimeSpan timeout, TimeProvider clock) : IAuditSink, IHealthProbe
{
    private readonly ArrayBufferWriter<byte> message = new();
    private readonly Backoff backoff = new(clock);
    private ILink? link;
    private volatile bool disposed;

    public ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel) => SendAsync(batch, cancel);

    /// <summary>Connects where there is no connection. Called between batches, never beside one.</summary>
    public ValueTask ProbeAsync(CancellationToken cancel) => SendAsync([], cancel);

    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await CloseAsync();
        connector.Dispose();
    }

    private async ValueTask SendAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (link?.Ended is { } ended)
        {
            backoff.Failed($"{connector.Server}: {ended}", wasOpen: true);
            await CloseAsync();
        }
        if (link is null)
        {
            backoff.Ask();
        }
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            link ??= await OpenAsync(either.Token);
            foreach (var record in batch)
            {
                limit.CancelAfter(timeout); // of the server's silence, not of the whole batch
                message.ResetWrittenCount();
                format.Write(record, message);
                await link.SendAsync(message.WrittenMemory, either.Token);
            }
            limit.CancelAfter(timeout);
            await link.FlushAsync(either.Token);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Half a message may be on the stream: nothing can follow it.
            await CloseAsync();
            throw;
        }
        catch (Exception fault)
        {
            var why = limit.IsCancellationRequested ? $"it took nothing for {timeout.TotalSeconds:0.###} s" : fault.Message;
            var reason = $"{connector.Server}: {why}";
            backoff.Failed(reason, wasOpen: link is not null);
            await CloseAsync();
            throw new IOException(reason, fault);
        }
    }

    private async Task<ILink> OpenAsync(CancellationToken cancel)
    {
        var opened = await connector.OpenAsync(cancel);
        backoff.Opened();
        return opened;
    }

    private async ValueTask CloseAsync()
    {
        if (link is { } old)
        {
            link = null;
            await old.DisposeAsync();
        }
    }
}
