namespace Kipuka.Sdk;

/// <summary>
/// A service with random numbers of its own, such as a token's. A CA that has this capability makes the serial numbers of its certificates.
/// Optional, found with <c>is</c>: a service that should not be asked does not have it.
/// </summary>
public interface IRandomSource
{
    /// <summary>Fills all of the bytes (1 to 1024 of them) with random ones that nobody gets a second time. Called concurrently.</summary>
    /// <param name="bytes">What to fill. Left as it was, or half done, when this throws.</param>
    /// <param name="cancel">Ends it early, with <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// The host fetches enough for several serial numbers at a time, so a service need not keep any.
    /// Throws when the source cannot be reached, a CA an <see cref="Ca.AuthorityUnavailableException"/>. The host never takes numbers from
    /// elsewhere instead: it asks the next CA of the group, or answers 503.
    /// </remarks>
    ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancel);
}
