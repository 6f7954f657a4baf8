using Kipuka.Config;

namespace Kipuka.Ha;

/// <summary>How the members of a group are watched: <c>[[ha.group]]</c> over <c>[ha]</c> (ruling 21).</summary>
internal sealed record GroupSettings(
    int FailureThreshold, int SuccessThreshold, TimeSpan RecoveryTimeout, TimeSpan CheckInterval, TimeSpan CheckTimeout)
{
    public static GroupSettings Of(HaConfig defaults, HaGroupConfig? group = null) => new(
        group?.FailureThreshold ?? defaults.FailureThreshold,
        group?.SuccessThreshold ?? 1,
        group?.RecoveryTimeout ?? defaults.RecoveryTimeout,
        group?.HealthCheckInterval ?? defaults.CheckInterval,
        group?.Timeout ?? defaults.CheckTimeout);
}
