using System.Net;

namespace Kipuka.Store;

/// <summary>What happened, as it is given to the journal, which adds the node, the sequence, the time and the chain.</summary>
/// <param name="Name">Dotted lower-case words, such as <c>cert.issued</c>.</param>
/// <param name="Niap">The event's name in the NIAP protection profile.</param>
/// <param name="Success">The outcome.</param>
internal sealed record AuditRecord(string Name, string Niap, bool Success)
{
    /// <summary>Who caused it, as <c>method:name</c>.</summary>
    public string? Actor { get; init; }

    public IPAddress? Source { get; init; }

    public string? Label { get; init; }

    /// <summary>The CA's id.</summary>
    public string? Authority { get; init; }

    /// <summary>Lower-case hex.</summary>
    public string? Serial { get; init; }

    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
}
