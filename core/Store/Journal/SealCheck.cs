namespace Kipuka.Store;

/// <summary>Judges the signature of an anchor or an archive.</summary>
/// <param name="keyId">The key that is said to have made it.</param>
/// <param name="message">What is signed.</param>
/// <param name="signature">The signature.</param>
/// <returns>What is wrong with it; null when nothing is.</returns>
internal delegate string? SealCheck(string keyId, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
