using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary>The core's part of kipuka.toml, bound and checked. Immutable; a plugin's part is its own settings record.</summary>
internal sealed record KipukaConfig : IDisposable
{
    public ServerConfig Server { get; init; } = new();

    public AdminConfig? Admin { get; init; }

    public DbConfig Db { get; init; } = new();

    [Setting(Key = "ca")]
    public IReadOnlyList<CaConfig> Authorities { get; init; } = [];

    public EstConfig Est { get; init; } = new();

    /// <summary>The names of all labels, those of <c>[[est.label]]</c> first.</summary>
    public IEnumerable<string> LabelNames => Est.Labels.Select(label => label.Name).Concat(Authorities.Select(ca => ca.Label).OfType<string>());

    public EnrollmentConfig Enrollment { get; init; } = new();

    public HaConfig? Ha { get; init; }

    public AuditConfig Audit { get; init; } = new();

    public PluginsConfig Plugins { get; init; } = new();

    public TelemetryConfig Telemetry { get; init; } = new();

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose()
    {
        Admin?.BearerToken?.Dispose();
        Audit.Dispose();
        Est.Cmc.Key?.Content.Dispose();
        foreach (var key in Est.Serverkeygen.DecryptKeys)
        {
            key.Key?.Dispose();
            key.KeyFile?.Content.Dispose();
        }
    }
}
