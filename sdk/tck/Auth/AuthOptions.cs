namespace Kipuka.Sdk.Tck;

/// <summary>What the suite of the kind <c>auth</c> can be told.</summary>
public sealed record AuthOptions : TckOptions
{
    /// <summary>
    /// Makes a peer that this method accepts. Of one-time credentials each must be a new one, good for exactly one certificate. Without it,
    /// only what the method refuses can be checked.
    /// </summary>
    public Func<TckAuthNode, CancellationToken, ValueTask<TckPeer>>? MakePeer { get; init; }

    /// <summary>Further schemes of the <c>Authorization</c> header that this method reads, to be tried with garbage.</summary>
    public IReadOnlyList<string> Schemes { get; init; } = [];
}
