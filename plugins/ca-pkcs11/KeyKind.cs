using System.Security.Cryptography;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A kind of key pair that tokens make.</summary>
/// <param name="Name"><c>rsa-2048</c>, <c>ecdsa-p256</c>, <c>ml-dsa-65</c>.</param>
/// <param name="KeyType">CKA_KEY_TYPE.</param>
/// <param name="Generation">How it is made.</param>
/// <param name="PublicTemplate">The size, curve or parameter set; a new template each time.</param>
internal sealed record KeyKind(string Name, uint KeyType, Mechanism Generation, Func<Template> PublicTemplate)
{
    public static IReadOnlyList<KeyKind> All { get; } =
    [
        Ec("ecdsa-p256", "P-256"), Ec("ecdsa-p384", "P-384"), Ec("ecdsa-p521", "P-521"), Rsa(2048), Rsa(3072), Rsa(4096),
        MlDsa("ml-dsa-44", MLDsaAlgorithm.MLDsa44), MlDsa("ml-dsa-65", MLDsaAlgorithm.MLDsa65), MlDsa("ml-dsa-87", MLDsaAlgorithm.MLDsa87),
    ];

    public bool IsMlDsa => KeyType == Ck.KeyTypeMlDsa;

    /// <summary>By name; case, hyphens and colons do not count, and <c>p256</c> is enough for a curve.</summary>
    public static KeyKind? Find(string name)
    {
        var plain = Plain(name);
        return All.FirstOrDefault(kind => Plain(kind.Name) == plain || Plain(kind.Name) == $"ecdsa{plain}");
    }

    private static string Plain(string name)
        => name.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);

    private static KeyKind Rsa(uint bits) => new(
        $"rsa-{bits}", Ck.KeyTypeRsa, new Mechanism(Ck.RsaKeyPairGeneration),
        () => new Template().Add(Ck.AttributeModulusBits, bits).Add(Ck.AttributePublicExponent, [1, 0, 1]));

    private static KeyKind Ec(string name, string curve) => new(
        name, Ck.KeyTypeEc, new Mechanism(Ck.EcKeyPairGeneration), () => new Template().Add(Ck.AttributeEcParameters, PublicKeys.Parameters(curve)));

    private static KeyKind MlDsa(string name, MLDsaAlgorithm set) => new(
        name, Ck.KeyTypeMlDsa, new Mechanism(Ck.MlDsaKeyPairGeneration), () => new Template().Add(Ck.AttributeParameterSet, MlDsaKeys.ParameterSet(set)));
}
