namespace Kipuka.Plugins.AuditSyslog;

/// <summary>A way to the server, open until it fails. Not thread-safe.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>Why it has ended; null while it seems to work.</summary>
    string? Ended { get; }

    /// <summary>Takes a message, which may be reused afterwards; it is on its way at the latest after <see cref="FlushAsync"/>.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel);

    /// <summary>Completes when all that was sent is as far as the protocol can tell.</summary>
    ValueTask FlushAsync(CancellationToken cancel);
}
