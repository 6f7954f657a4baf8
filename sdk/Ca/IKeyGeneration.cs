namespace Kipuka.Sdk.Ca;

/// <summary>
/// A capability of CAs that make the key pairs of /serverkeygen (RFC 7030 section 4.4), such as those with a token. Optional, found with
/// <c>is</c>; without it the host makes them.
/// </summary>
public interface IKeyGeneration
{
    /// <summary>Makes a key pair for a client. Nothing of it stays behind, unless the CA escrows keys. Called concurrently.</summary>
    /// <param name="transaction">The same as in the draft that follows; a further call with it makes another pair.</param>
    /// <param name="requester">Who gets the key.</param>
    /// <param name="spec">What kind of key.</param>
    /// <param name="cancel">Ends it early, with <see cref="OperationCanceledException"/>; a pair that was made meanwhile is destroyed.</param>
    /// <returns>The pair, which the caller disposes of. The host checks that its halves belong together and are of the kind asked for.</returns>
    /// <exception cref="NotSupportedException">Keys of this kind are not made here; the message is shown to the client.</exception>
    /// <exception cref="AuthorityUnavailableException">
    /// No key could be made. The host never makes one itself instead: it asks the next CA of the group, or answers 503.
    /// </exception>
    ValueTask<GeneratedKey> GenerateKeyAsync(Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel);
}
