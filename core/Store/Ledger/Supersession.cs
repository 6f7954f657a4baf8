namespace Kipuka.Store;

/// <summary>A renewed certificate that is to be revoked.</summary>
/// <param name="Sha256">Of its DER.</param>
/// <param name="After">How long after the new one was delivered.</param>
internal sealed record Supersession(ReadOnlyMemory<byte> Sha256, TimeSpan After);
