namespace Kipuka.Cli.Verify;

/// <summary><c>[verify.ha]</c>.</summary>
internal sealed record VerifyStrategyConfig
{
    /// <summary>Whether the strategy's documentation says that it orders by chance.</summary>
    public bool Random { get; init; }
}
