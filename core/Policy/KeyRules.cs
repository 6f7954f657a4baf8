using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>Which keys and which CSR signatures a label accepts.</summary>
internal sealed class KeyRules(IReadOnlyList<string>? allowedKeyTypes, IReadOnlyList<string>? allowedSignatureAlgorithms)
{
    private const int LeastRsaBits = 2048;

    private readonly HashSet<KeyType>? _keyTypes = allowedKeyTypes is null ? null : [.. allowedKeyTypes.Select(Parse)];

    public static KeyRules From(LabelConfig? label, EnrollmentConfig defaults) => new(
        label?.AllowedKeyTypes ?? defaults.AllowedKeyTypes,
        label?.AllowedSignatureAlgorithms ?? defaults.AllowedSignatureAlgorithms);

    /// <summary>The key type that a client is advised to take: the first that is listed and passes; null where nothing is listed.</summary>
    /// <param name="cabf">Whether the CA/Browser Forum's rules judge the key too.</param>
    public KeyType? Advised(bool cabf)
    {
        foreach (var type in (allowedKeyTypes ?? []).Select(Parse))
        {
            if (IsUsable(type) && !(cabf && CabfRules.CheckKey(type) is not null)) return type;
        }
        return null;
    }

    /// <summary>The signature that goes with a key, by OID; null where nothing is listed, or nothing that fits.</summary>
    public string? AdvisedSignature(KeyType key)
        => allowedSignatureAlgorithms?.Select(entry => SignatureAlgorithms.OidFor(entry, key.Family)).FirstOrDefault(oid => oid is not null);

    public Refusal? Check(ProvenRequest proven)
    {
        var key = proven.PublicKey;
        if (key.KeyType.Family == KeyFamily.Rsa && key.KeyBits < LeastRsaBits)
        {
            return Refuse("key-size", $"an RSA key needs at least {LeastRsaBits} bits; this one has {key.KeyBits}");
        }
        var allowed = _keyTypes?.Contains(key.KeyType) ?? IsSupported(key.KeyType);
        if (!allowed)
        {
            var list = _keyTypes ?? [.. KeyType.Certifiable];
            var names = string.Join(", ", list.Select(type => type.Name).Order(StringComparer.Ordinal));
            return Refuse("key-type", $"allowed_key_types does not include {key.KeyType}; allowed: {names}");
        }
        return allowedSignatureAlgorithms is null || proven.Signature is not { } signature || allowedSignatureAlgorithms.Any(signature.Matches)
            ? null
            : Refuse(
                "signature-algorithm",
                $"allowed_signature_algorithms does not include {signature}; allowed: {string.Join(", ", allowedSignatureAlgorithms)}");
    }

    private static bool IsUsable(KeyType type) => type.Family == KeyFamily.Rsa ? type.Size >= LeastRsaBits : KeyType.Certifiable.Contains(type);

    // RSA of unusual sizes (2560, 8192) is as good as its neighbours; only a label's own list narrows it to named sizes.
    private static bool IsSupported(KeyType type)
        => type.Family == KeyFamily.Rsa ? type.Size <= 8192 : KeyType.Certifiable.Contains(type);

    private static KeyType Parse(string name)
        => KeyType.TryParse(name, out var type) ? type : throw new InvalidOperationException($"The key type {name} was not checked.");

    private static Refusal Refuse(string code, string detail) => new(RefusalKind.Policy, code, detail);
}
