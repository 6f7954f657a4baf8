namespace Kipuka.Sdk.Ca;

/// <summary>Where a key is that its device does not give away.</summary>
/// <param name="Module">What leads to the device: the path of a PKCS#11 library, an address.</param>
/// <param name="Slot">The slot; null while the token was not found and no slot is named.</param>
/// <param name="TokenLabel">The token's label; null while it was not found and none is named.</param>
/// <param name="KeyLabel">The key's label, where one is named.</param>
/// <param name="KeyId">The key's identifier in lower-case hex, where one is named.</param>
public sealed record HardwareKeyLocation(string Module, long? Slot, string? TokenLabel, string? KeyLabel, string? KeyId);
