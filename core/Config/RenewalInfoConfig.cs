using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[est.renewal_info]</c>, or <c>renewal_info = false</c> for nothing but <see cref="Enabled"/>.</summary>
internal sealed record RenewalInfoConfig
{
    public bool Enabled { get; init; } = true;

    /// <summary>Where in a certificate's life the time to renew begins, in hundredths of it.</summary>
    [Setting(Min = 1, Max = 98)]
    public int StartPercent { get; init; } = 67;

    /// <summary>Where it ends.</summary>
    [Setting(Min = 2, Max = 99)]
    public int EndPercent { get; init; } = 75;

    /// <summary>When clients are to ask again.</summary>
    [Setting(Min = 60, Max = 7 * 86400)]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromHours(6);

    /// <summary>A page that says why; clients are told.</summary>
    [Setting(Max = 500)]
    public string? ExplanationUrl { get; init; }
}
