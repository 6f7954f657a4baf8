namespace Kipuka.Sdk.Auth;

/// <summary>
/// A credential that may be used a limited number of times, spent only when a certificate was issued: a crash or a dead CA never strands
/// a device. Every member is idempotent per transaction, also across restarts.
/// </summary>
public interface IOneTimeCredential
{
    /// <summary>
    /// True when no use is left for a new transaction. The host still lets the client fetch the answer of the transaction that spent it, if
    /// that answer was never fully written.
    /// </summary>
    bool IsExhausted { get; }

    /// <summary>Takes one use for the transaction, durably, before any CA is called. A hold counts as a use.</summary>
    /// <param name="transaction">The ledger's transaction. A repeat of it takes nothing more.</param>
    /// <param name="until">When the hold lapses by itself, should nobody spend or release it.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>False when no use is left: the host answers 401.</returns>
    ValueTask<bool> HoldAsync(Guid transaction, DateTimeOffset until, CancellationToken cancel);

    /// <summary>
    /// The write that makes the hold final. The host commits it in one database transaction with the issued certificate, and asks again when
    /// the write's version no longer matches.
    /// </summary>
    ValueTask<StoreWrite> SpendAsync(Guid transaction, CancellationToken cancel);

    /// <summary>Gives the use back, because nothing was issued and nothing can have been.</summary>
    ValueTask ReleaseAsync(Guid transaction, CancellationToken cancel);
}
