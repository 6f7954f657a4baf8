using System.Globalization;
using System.Security.Cryptography;

namespace Kipuka.Pki;

internal enum KeyFamily
{
    Rsa = 1,
    Ecdsa,
    MlDsa,
    Ed25519,
    MlKem,
}

/// <summary>
/// A kind of key as configuration and logs name it: <c>rsa-2048</c>, <c>ecdsa-p256</c>, <c>ml-dsa-65</c>, <c>ed25519</c>.
/// </summary>
/// <param name="Family">What the key is used with.</param>
/// <param name="Size">RSA: bits of the modulus. ECDSA: bits of the curve. ML-DSA, ML-KEM: the parameter set's number.</param>
internal readonly record struct KeyType(KeyFamily Family, int Size)
{
    public static readonly KeyType EcdsaP256 = new(KeyFamily.Ecdsa, 256);
    public static readonly KeyType EcdsaP384 = new(KeyFamily.Ecdsa, 384);
    public static readonly KeyType EcdsaP521 = new(KeyFamily.Ecdsa, 521);
    public static readonly KeyType MlDsa44 = new(KeyFamily.MlDsa, 44);
    public static readonly KeyType MlDsa65 = new(KeyFamily.MlDsa, 65);
    public static readonly KeyType MlDsa87 = new(KeyFamily.MlDsa, 87);
    public static readonly KeyType MlKem512 = new(KeyFamily.MlKem, 512);
    public static readonly KeyType MlKem768 = new(KeyFamily.MlKem, 768);
    public static readonly KeyType MlKem1024 = new(KeyFamily.MlKem, 1024);
    public static readonly KeyType Ed25519 = new(KeyFamily.Ed25519, 25519);

    /// <summary>What this platform can verify and sign with: ML-DSA needs OpenSSL 3.5, and .NET has no Ed25519.</summary>
    public static IReadOnlyList<KeyType> Supported { get; } =
    [
        Rsa(2048), Rsa(3072), Rsa(4096), EcdsaP256, EcdsaP384, EcdsaP521,
        .. MLDsa.IsSupported ? (ReadOnlySpan<KeyType>)[MlDsa44, MlDsa65, MlDsa87] : [],
    ];

    /// <summary>What can be certified: what is supported, and keys that never sign, for which the platform is not needed.</summary>
    public static IReadOnlyList<KeyType> Certifiable { get; } = [.. Supported, MlKem512, MlKem768, MlKem1024];

    /// <summary>Whether the key can sign its own request.</summary>
    public bool Signs => Family != KeyFamily.MlKem;

    public static KeyType Rsa(int bits) => new(KeyFamily.Rsa, bits);

    public string Name => Family switch
    {
        KeyFamily.Rsa => $"rsa-{Size}",
        KeyFamily.Ecdsa => $"ecdsa-p{Size}",
        KeyFamily.MlDsa => $"ml-dsa-{Size}",
        KeyFamily.Ed25519 => "ed25519",
        KeyFamily.MlKem => $"ml-kem-{Size}",
        _ => "unknown",
    };

    public override string ToString() => Name;

    /// <summary>Reads a configured name: case, <c>-</c>, <c>_</c>, <c>:</c> and spaces do not count, and RSA begins at 2048 bits.</summary>
    public static bool TryParse(string? text, out KeyType type)
    {
        var plain = string.Concat((text ?? "").Where(c => c is not ('-' or '_' or ':' or ' '))).ToLowerInvariant();
        type = plain switch
        {
            "ecdsap256" or "ecdsa256" or "ecp256" or "p256" => EcdsaP256,
            "ecdsap384" or "ecdsa384" or "ecp384" or "p384" => EcdsaP384,
            "ecdsap521" or "ecdsa521" or "ecp521" or "p521" => EcdsaP521,
            "mldsa44" => MlDsa44,
            "mldsa65" => MlDsa65,
            "mldsa87" => MlDsa87,
            "ed25519" => Ed25519,
            "mlkem512" => MlKem512,
            "mlkem768" => MlKem768,
            "mlkem1024" => MlKem1024,
            _ => plain.StartsWith("rsa", StringComparison.Ordinal)
                 && int.TryParse(plain.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
                 && bits is >= 2048 and <= Limits.RsaBits ? Rsa(bits) : default,
        };
        return type != default;
    }
}
