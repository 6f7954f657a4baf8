namespace Kipuka.Sdk.Ca;

/// <summary>A kind of key.</summary>
/// <param name="Algorithm">
/// <c>rsa-2048</c> (or another number of bits), <c>ecdsa-p256</c>, <c>ecdsa-p384</c>, <c>ecdsa-p521</c>, <c>ml-dsa-44</c>, <c>ml-dsa-65</c>,
/// <c>ml-dsa-87</c>. Further kinds may come.
/// </param>
public sealed record KeySpec(string Algorithm);
