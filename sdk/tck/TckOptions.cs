namespace Kipuka.Sdk.Tck;

/// <summary>What every suite can be told.</summary>
public abstract record TckOptions
{
    /// <summary>How long a check may take before it counts as failed.</summary>
    public TimeSpan CheckLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after the last service was disposed the plugin's code may still be loaded.</summary>
    public TimeSpan UnloadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further texts that must never be seen, besides every <see cref="Secret"/> and <see cref="SecretFile"/> of the settings.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>A way to take from the service what it depends on: its server, its device. Without it, checks of outages do not apply.</summary>
    public TckOutage? Outage { get; init; }
}
