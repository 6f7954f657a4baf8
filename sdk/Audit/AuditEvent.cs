using System.Net;

namespace Kipuka.Sdk.Audit;

/// <summary>One record of the journal.</summary>
/// <param name="Node">The node that wrote it; each node has its own chain.</param>
/// <param name="Sequence">1, 2, 3, … within the node, without gaps.</param>
/// <param name="Time">UTC, to the microsecond.</param>
/// <param name="Name">Dotted lower-case words, such as <c>cert.issued</c>.</param>
/// <param name="Niap">The same event's name in the NIAP protection profile (FAU_GEN.1), such as <c>CertIssue</c>.</param>
/// <param name="Success">The outcome.</param>
public sealed record AuditEvent(string Node, long Sequence, DateTimeOffset Time, string Name, string Niap, bool Success)
{
    /// <summary>Who caused it, as <c>method:name</c>; null when nobody is known.</summary>
    public string? Actor { get; init; }

    /// <summary>Where it came from.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The label; null for the unlabelled path and for what has none.</summary>
    public string? Label { get; init; }

    /// <summary>The CA's id.</summary>
    public string? Authority { get; init; }

    /// <summary>The certificate's serial number, lower-case hex.</summary>
    public string? Serial { get; init; }

    /// <summary>Details by name: <c>subject</c>, <c>reason</c>, <c>fingerprint</c>, <c>certificate</c> (PEM, when the operator wants it), …</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>SHA-256 of the node's previous record; 32 zero bytes for the first.</summary>
    public ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>SHA-256 of this record with <see cref="PreviousHash"/>.</summary>
    public ReadOnlyMemory<byte> Hash { get; init; }
}
