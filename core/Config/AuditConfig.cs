using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary>The core's keys of <c>[audit]</c>: what every sink is given. The journal in the database always gets everything.</summary>
internal sealed record AuditConfig : IDisposable
{
    /// <summary>Names, NIAP names, globs or short words (ruling 55); empty forwards all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Certificates (PEM) in the records that sinks get.</summary>
    public bool IncludeCertData { get; init; }

    /// <summary>Nothing is issued while a sink fails.</summary>
    public bool Required { get; init; }

    /// <summary>The private key (PEM) that signs anchors and archives; null: there are none.</summary>
    public SecretFile? AnchorKey { get; init; }

    /// <summary>The longest time between two anchors.</summary>
    [Setting(Min = 60, Max = 2592000)]
    public TimeSpan AnchorInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Public keys (PEM) that signed before the present one.</summary>
    public IReadOnlyList<SettingsFile> AnchorTrust { get; init; } = [];

    /// <summary>Where <c>kipuka audit archive</c> writes.</summary>
    public SettingsPath? ArchiveDirectory { get; init; }

    public void Dispose() => AnchorKey?.Content.Dispose();
}
