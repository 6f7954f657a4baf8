namespace Kipuka.Config;

/// <summary>The core's keys of <c>[audit]</c>: what every sink is given. The journal in the database always gets everything.</summary>
internal sealed record AuditConfig
{
    /// <summary>Names, NIAP names, globs or short words (ruling 55); empty forwards all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Certificates (PEM) in the records that sinks get.</summary>
    public bool IncludeCertData { get; init; }

    /// <summary>Nothing is issued while a sink fails.</summary>
    public bool Required { get; init; }
}
