using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Store;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>
/// The journal as server-sent events (WHATWG HTML, section 9.2). A client that was cut off names the last event it has and misses nothing;
/// after that it may get records of other nodes a second time.
/// </summary>
internal sealed class AuditStream(Journal journal, Generations generations, TimeProvider clock)
{
    private const int MostStreams = 16;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(2);

    private int _open;

    public async Task RunAsync(HttpContext context)
    {
        var filter = AuditParameters.Read(context.Request.Query);
        var last = LastEvent(context.Request);
        if (Interlocked.Increment(ref _open) > MostStreams)
        {
            Interlocked.Decrement(ref _open);
            context.Response.Headers.RetryAfter = "30";
            throw new AdminException(StatusCodes.Status503ServiceUnavailable, "too_many_streams", $"{MostStreams} streams are open, which is the most there may be");
        }
        try
        {
            // The rules for who may read belong to a generation: with the next one the client comes again and is asked again.
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, generations.Current.Retiring);
            await FollowAsync(context.Response, filter, last, ends.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Another generation serves, or the server stops: the answer ends in order.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task FollowAsync(HttpResponse response, AuditFilter filter, (string Node, long Sequence)? last, CancellationToken ends)
    {
        using var appended = new SemaphoreSlim(0, 1);
        journal.Appended += Signal;
        try
        {
            var feed = await AuditFeed.OpenAsync(journal, filter, last, clock, ends);
            response.ContentType = "text/event-stream";
            response.Headers["X-Accel-Buffering"] = "no";
            await WriteAsync(response, "retry: 3000\n\n"u8.ToArray(), ends);
            var buffer = new ArrayBufferWriter<byte>();
            var quiet = clock.GetTimestamp();
            while (true)
            {
                var more = await feed.NextAsync(ends);
                buffer.ResetWrittenCount();
                foreach (var record in more.Records)
                {
                    Write(buffer, record);
                }
                if (more.Records.Count == 0 && clock.GetElapsedTime(quiet) >= Heartbeat)
                {
                    buffer.Write(": alive\n\n"u8);
                }
                if (buffer.WrittenCount > 0)
                {
                    await WriteAsync(response, buffer.WrittenMemory, ends);
                    quiet = clock.GetTimestamp();
                }
                if (!more.Behind)
                {
                    await WaitAsync(appended, journal.IsShared ? LookForOthers : Heartbeat, ends);
                }
            }
        }
        finally
        {
            journal.Appended -= Signal;
        }

        // Called on the writer's thread, perhaps once more after the stream has ended.
        void Signal()
        {
            try
            {
                appended.Release();
            }
            catch (Exception fault) when (fault is SemaphoreFullException or ObjectDisposedException)
            {
                // Told already, or gone.
            }
        }
    }

    private async Task WaitAsync(SemaphoreSlim appended, TimeSpan longest, CancellationToken ends)
    {
        using var limit = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ends);
        try
        {
            await appended.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ends.IsCancellationRequested)
        {
            // Time to look by oneself.
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, Sdk.Audit.AuditEvent record)
    {
        // No line end can occur in the data: JSON escapes them. Nor in a node's name, which is the machine's.
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {record.Node}:{record.Sequence}\ndata: ")));
        using (var json = new Utf8JsonWriter(buffer))
        {
            AuditJson.Write(json, record, withCertificate: false);
        }
        buffer.Write("\n\n"u8);
    }

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, CancellationToken ends)
    {
        await response.Body.WriteAsync(bytes, ends);
        await response.Body.FlushAsync(ends);
    }

    // A browser cannot set the header when it connects for the first time, so the query may say it too.
    private static (string Node, long Sequence)? LastEvent(HttpRequest request)
    {
        var given = request.Headers["Last-Event-ID"] is [{ Length: > 0 } header] ? header : request.Query["last_event_id"] is [{ Length: > 0 } query] ? query : null;
        if (given is null)
        {
            return null;
        }
        var colon = given.LastIndexOf(':');
        return colon > 0 && given.Length <= 300
            && long.TryParse(given.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (given[..colon], sequence)
            : throw AuditParameters.Bad("Last-Event-ID is <node>:<sequence>, as the stream gave it");
    }
}
