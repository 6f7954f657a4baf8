using System.Buffers;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.AuditFile;

/// <summary>
/// Appends batches. The file is opened anew for each, which is cheap beside the flush: whatever log rotation did since, the batch goes to the
/// file that now has the name.
/// </summary>
internal sealed class AuditFileSink(string path) : IAuditSink, IHealthProbe
{
    private volatile bool disposed;

    public async ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var lines = new ArrayBufferWriter<byte>(batch.Count * 512);
        foreach (var record in batch)
        {
            JsonLine.Write(record, lines);
        }
        // Files have no asynchronous writes here, and a flush may take long: not on the caller's thread. Cancelled before or not at all.
        await Task.Run(() => AppendFile.Append(path, lines.WrittenMemory.Span), cancel);
    }

    public async ValueTask ProbeAsync(CancellationToken cancel)
        => await Task.Run(() => AppendFile.Append(path, []), cancel);

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return default;
    }
}
