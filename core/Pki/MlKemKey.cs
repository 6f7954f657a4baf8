namespace Kipuka.Pki;

/// <summary>ML-KEM encapsulation keys (FIPS 203), checked without any platform's help: they are certified, never used, here.</summary>
internal static class MlKemKey
{
    private const int Modulus = 3329;
    private const int SeedBytes = 32;

    /// <summary>FIPS 203 7.2, "modulus check": twelve bits each, every coefficient is below q. What stands behind them is a seed, any 32 bytes.</summary>
    public static bool IsValid(ReadOnlySpan<byte> key)
    {
        for (var packed = key[..^SeedBytes]; !packed.IsEmpty; packed = packed[3..])
        {
            var first = packed[0] | ((packed[1] & 0x0F) << 8);
            var second = (packed[1] >> 4) | (packed[2] << 4);
            if (first >= Modulus || second >= Modulus) return false;
        }
        return true;
    }
}
