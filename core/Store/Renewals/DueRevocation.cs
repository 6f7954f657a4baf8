namespace Kipuka.Store;

/// <summary>A renewed certificate whose time to be revoked has come.</summary>
/// <param name="Transaction">The renewal's.</param>
/// <param name="Sha256">Of the renewed certificate.</param>
internal sealed record DueRevocation(Guid Transaction, ReadOnlyMemory<byte> Sha256);
