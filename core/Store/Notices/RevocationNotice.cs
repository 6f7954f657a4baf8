namespace Kipuka.Store;

/// <summary>A revocation that a CA is to be told of.</summary>
/// <param name="Id">The certificate's row.</param>
/// <param name="Sha256">Of the certificate.</param>
/// <param name="Attempts">How often it was tried before.</param>
internal sealed record RevocationNotice(long Id, ReadOnlyMemory<byte> Sha256, int Attempts);
