using System.Buffers;
using System.Text.Json;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugin_1;

/// <summary>Never called concurrently, but a second instance may write to the same file during a reload.</summary>
internal sealed class Sink(string path) : IAuditSink
{
    private const int MostTries = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private volatile bool disposed;

    // Let exceptions out: the host keeps the batch and sends it again.
    public async ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancel.ThrowIfCancellationRequested();
        var lines = new ArrayBufferWriter<byte>();
        foreach (var record in batch)
        {
            Write(record, lines);
        }
        await using var file = await OpenAsync(cancel);
        await file.WriteAsync(lines.WrittenMemory, CancellationToken.None);
        file.Flush(flushToDisk: true);
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return default;
    }

    // For this process alone, so that no two instances write over each other: the other one is done in a moment.
    private async Task<FileStream> OpenAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            }
            catch (IOException) when (attempt < MostTries && File.Exists(path))
            {
                await Task.Delay(Pause, cancel);
            }
        }
    }

    // By hand: System.Text.Json by reflection would keep the plugin loaded for ever.
    private static void Write(AuditEvent record, IBufferWriter<byte> lines)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", record.Sequence);
            json.WriteString("time", record.Time);
            json.WriteString("name", record.Name);
            json.WriteBoolean("success", record.Success);
            json.WriteString("actor", record.Actor);
            json.WriteString("source", record.Source?.ToString());
            json.WriteString("serial", record.Serial);
            json.WriteStartObject("fields");
            foreach (var (name, value) in record.Fields)
            {
                json.WriteString(name, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        lines.Write("\n"u8);
    }
}
