namespace Kipuka.Sdk.Ha;

/// <summary>Orders the usable members of a group of CAs. Safety (circuit breaker, when a failover is allowed) is the host's.</summary>
public interface IHaStrategy : IAsyncDisposable
{
    /// <summary>Orders the members for one request. A pure function: equal input, equal output; no waiting, no clock.</summary>
    /// <param name="members">The members that may be used now, in configured order; at least one, at most 64.</param>
    /// <param name="turn">Counts the group's requests, so that a rotation needs no state.</param>
    /// <param name="order">As long as <paramref name="members"/>; receives indexes into it, first choice first, none twice.</param>
    /// <returns>How many indexes were written: 1 to the number of members.</returns>
    int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order);
}

/// <summary>What a strategy may know about a member.</summary>
/// <param name="Name">The CA's id.</param>
/// <param name="Weight">0 to 1 000 000; 0 is a standby.</param>
/// <param name="InFlight">Requests in work at this moment.</param>
/// <param name="TypicalLatency">A moving average of signing and probes; null before the first.</param>
public readonly record struct CaStanding(string Name, int Weight, int InFlight, TimeSpan? TypicalLatency);
