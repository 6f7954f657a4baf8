namespace Kipuka.Sdk.Tck;

/// <summary>An outage on demand of what a service depends on.</summary>
/// <param name="Begin">Begins it; the service must fail when this completes.</param>
/// <param name="End">Ends it; the service must be able to work again when this completes.</param>
public sealed record TckOutage(Func<CancellationToken, ValueTask> Begin, Func<CancellationToken, ValueTask> End);
