using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[db]</c>.</summary>
internal sealed record DbConfig
{
    /// <summary>May hold a password, so it is never printed; see <see cref="Database"/>.</summary>
    public string Url { get; init; } = "sqlite://kipuka.db";

    /// <summary><see cref="Url"/>, parsed. No key of its own: it is filled in after binding.</summary>
    public DatabaseUrl? Database { get; internal init; }

    [Setting(Min = 1, Max = 1000)]
    public int MaxConnections { get; init; } = 5;

    [Setting(Min = 1, Max = 300)]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public bool AutoMigrate { get; init; } = true;
}
