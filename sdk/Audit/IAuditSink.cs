namespace Kipuka.Sdk.Audit;

/// <summary>Receives copies of the journal. The journal itself is in the database; a sink that was away is given what it missed.</summary>
public interface IAuditSink : IAsyncDisposable
{
    /// <summary>Takes a batch, in the journal's order; complete when it is safe with the sink. Never called concurrently.</summary>
    /// <remarks>
    /// Let exceptions out: the host keeps the position and retries the same batch with growing pauses, so a batch may arrive twice after a
    /// fault. With <c>required = true</c> nothing is issued while a sink fails.
    /// </remarks>
    /// <param name="batch">1 to 1000 events. Every text in them may be any Unicode, also with control characters.</param>
    /// <param name="cancel">The server stops; what is not safe yet is sent again after the next start.</param>
    ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel);
}
