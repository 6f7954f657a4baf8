namespace Kipuka.Ha;

/// <summary>The states of the book and ruling 54.</summary>
internal enum BreakerState
{
    /// <summary>Works.</summary>
    Healthy,

    /// <summary>Used, but the last call or check failed, or its chain lacks the root (ruling 30).</summary>
    Degraded,

    /// <summary>Not used: the threshold was reached (and the circuit opens at once), or the issuing certificate has expired.</summary>
    Unhealthy,

    /// <summary>Not used, and not even probed, until the recovery time is over.</summary>
    CircuitOpen,

    /// <summary>Not used; single probes decide.</summary>
    Recovering,
}

internal static class BreakerStates
{
    /// <summary>The word that health answers, metrics and audit records use: <c>circuit_open</c>.</summary>
    public static string Word(this BreakerState state) => state switch
    {
        BreakerState.Healthy => "healthy",
        BreakerState.Degraded => "degraded",
        BreakerState.Unhealthy => "unhealthy",
        BreakerState.CircuitOpen => "circuit_open",
        _ => "recovering",
    };
}
