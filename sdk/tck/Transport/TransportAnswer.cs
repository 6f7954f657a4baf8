using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>What a client received.</summary>
/// <param name="Status">The protocol's code as the status that it stands for.</param>
/// <param name="Parts">The parts, unwrapped, in order; without the text of a refusal.</param>
public sealed record TransportAnswer(EstStatus Status, IReadOnlyList<TransportPart> Parts);

/// <summary>A part of an answer.</summary>
/// <param name="Content">What the protocol says that it is.</param>
/// <param name="Bytes">The bytes, unwrapped.</param>
public sealed record TransportPart(EstContent Content, ReadOnlyMemory<byte> Bytes);
