namespace Kipuka.Sdk.Tck;

/// <summary>What the suite of the kind <c>ha</c> can be told.</summary>
public sealed record HaOptions : TckOptions
{
    /// <summary>Whether the strategy's documentation says that it orders by chance: equal input may then give another order.</summary>
    public bool IsRandom { get; init; }
}
