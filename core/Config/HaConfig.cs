using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[ha]</c>: the defaults of every group (ruling 21).</summary>
internal sealed record HaConfig
{
    public bool Enabled { get; init; } = true;

    public string Strategy { get; init; } = "active-passive";

    [Setting(Min = 1, Max = 3600)]
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    [Setting(Min = 1, Max = 100)]
    public int FailureThreshold { get; init; } = 3;

    [Setting(Min = 1, Max = 86400)]
    public TimeSpan RecoveryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    [Setting(Min = 1, Max = 600)]
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(5);

    [Setting(Key = "group")]
    public IReadOnlyList<HaGroupConfig> Groups { get; init; } = [];
}

/// <summary><c>[[ha.group]]</c>. What is null here is inherited from <c>[ha]</c>.</summary>
internal sealed record HaGroupConfig
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> CaIds { get; init; }

    public string? Strategy { get; init; }

    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();

    [Setting(Min = 1, Max = 100)]
    public int? FailureThreshold { get; init; }

    [Setting(Min = 1, Max = 100)]
    public int SuccessThreshold { get; init; } = 1;

    [Setting(Min = 1, Max = 3600)]
    public TimeSpan? HealthCheckInterval { get; init; }

    /// <summary>How long a check of a member may take.</summary>
    [Setting(Min = 1, Max = 600)]
    public TimeSpan? Timeout { get; init; }

    [Setting(Min = 1, Max = 86400)]
    public TimeSpan? RecoveryTimeout { get; init; }
}
