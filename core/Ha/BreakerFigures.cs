namespace Kipuka.Ha;

/// <summary>What is to be known of a breaker.</summary>
/// <param name="State">Its state.</param>
/// <param name="Since">When it got into it.</param>
/// <param name="ConsecutiveFailures">Of requests or of checks, whichever are more.</param>
/// <param name="FailureThreshold">So many open the circuit.</param>
/// <param name="TimesOpened">How often it has opened or has stayed open after a failed probe, since the CA was started.</param>
/// <param name="RetryAfter">When the next probe may be made; zero where nothing has to be waited for.</param>
internal readonly record struct BreakerFigures(
    BreakerState State, DateTimeOffset Since, int ConsecutiveFailures, int FailureThreshold, long TimesOpened, TimeSpan RetryAfter);
