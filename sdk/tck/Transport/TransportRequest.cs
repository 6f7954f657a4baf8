using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>What a client sends.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Label">The label; null for the unlabelled path.</param>
/// <param name="Body">The body, DER; empty for the operations that have none.</param>
public sealed record TransportRequest(EstOperation Operation, string? Label, ReadOnlyMemory<byte> Body);
