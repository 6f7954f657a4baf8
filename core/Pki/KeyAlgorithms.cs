namespace Kipuka.Pki;

/// <summary>The key types whose algorithm's OID says everything, without parameters.</summary>
internal static class KeyAlgorithms
{
    private static readonly (string Oid, KeyType Type)[] Known =
    [
        (Oids.Ed25519, KeyType.Ed25519),
        (Oids.MlDsa44, KeyType.MlDsa44),
        (Oids.MlDsa65, KeyType.MlDsa65),
        (Oids.MlDsa87, KeyType.MlDsa87),
        (Oids.MlKem512, KeyType.MlKem512),
        (Oids.MlKem768, KeyType.MlKem768),
        (Oids.MlKem1024, KeyType.MlKem1024),
    ];

    public static KeyType? TypeOf(string oid) => Array.Find(Known, known => known.Oid == oid) is { Oid: not null } found ? found.Type : null;

    public static string OidOf(KeyType type) => Array.Find(Known, known => known.Type == type).Oid
        ?? throw new ArgumentException($"{type} has no algorithm without parameters.", nameof(type));
}
