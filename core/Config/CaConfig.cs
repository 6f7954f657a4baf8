using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary>
/// The core's keys of a <c>[[ca]]</c> table: what policy needs. The rest of the table belongs to the plugin that <c>type</c> names.
/// </summary>
internal sealed record CaConfig
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary>The plugin's name; absent: implied by another key, else <c>file</c> (ruling 13).</summary>
    public string? Type { get; init; }

    /// <summary>A label of its own for this CA (ruling 16).</summary>
    public string? Label { get; init; }

    [Setting(Min = 1, Max = 36500)]
    public int ValidityDays { get; init; } = 365;

    [Setting(Min = 1, Max = 36500)]
    public int MaxValidityDays { get; init; } = 398;

    /// <summary>Absent: by key type (ruling 14).</summary>
    public IReadOnlyList<string>? DefaultKeyUsage { get; init; }

    /// <summary>Names or dotted OIDs.</summary>
    public IReadOnlyList<string> DefaultExtKeyUsage { get; init; } = ["serverAuth"];

    /// <summary>Globs over the subject text of ruling 56; empty allows all.</summary>
    public IReadOnlyList<string> AllowedSubjects { get; init; } = [];

    /// <summary>Put into every certificate, unless the label has its own.</summary>
    [Setting(Max = 16)]
    public IReadOnlyList<CertificatePolicyConfig> CertificatePolicies { get; init; } = [];

    [Setting(OneOf = ["cabf"])]
    public string? ProfileRules { get; init; }

    /// <summary>
    /// Serves certificates whose signature this platform cannot verify: those of an ML-DSA key where OpenSSL is older than 3.5. Everything else
    /// about them is checked as always.
    /// </summary>
    public bool UnverifiedSignatures { get; init; }

    /// <summary>How long one call of the CA may take.</summary>
    [Setting(Min = 1, Max = 600)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
