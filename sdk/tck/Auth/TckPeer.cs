namespace Kipuka.Sdk.Tck;

/// <summary>What a peer presents.</summary>
public sealed record TckPeer
{
    /// <summary>The scheme of its <c>Authorization</c> header; null for none.</summary>
    public string? Scheme { get; init; }

    /// <summary>What follows the scheme, as sent. It must never be seen in a log or a record.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Its certificates, DER, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>The label it asks under; null for the unlabelled path.</summary>
    public string? Label { get; init; }
}
