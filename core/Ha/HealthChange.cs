namespace Kipuka.Ha;

/// <summary>A CA's state changed: the <c>ca.health.changed</c> of the journal.</summary>
/// <param name="Authority">The CA's id.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state now.</param>
/// <param name="Reason">One line for the operator.</param>
internal sealed record HealthChange(string Authority, BreakerState From, BreakerState To, string Reason);
