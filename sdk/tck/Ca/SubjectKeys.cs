using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Sdk.Tck;

/// <summary>Public keys to certify, one of each kind, made once for a process: a CA looks at the public half only.</summary>
internal static class SubjectKeys
{
    private static readonly Lazy<Task<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Key)>>> Made = new(MakeAsync);

    /// <summary>SubjectPublicKeyInfos by the names that <see cref="CaOptions.MayRefuseKeys"/> lists.</summary>
    public static Task<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Key)>> All => Made.Value;

    /// <summary>A key of its own for each call.</summary>
    public static ReadOnlyMemory<byte> NewP256() => Ec(ECCurve.NamedCurves.nistP256);

    private static async Task<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Key)>> MakeAsync()
    {
        var rsa = await Task.WhenAll(((int[])[2048, 3072, 4096]).Select(bits => Task.Run(() => ($"rsa-{bits}", Rsa(bits)))));
        return
        [
            .. rsa,
            ("p256", Ec(ECCurve.NamedCurves.nistP256)),
            ("p384", Ec(ECCurve.NamedCurves.nistP384)),
            ("p521", Ec(ECCurve.NamedCurves.nistP521)),
            // FIPS 204 table 2 and RFC 9881 section 2. Any string of the length is a public key: it is a seed and packed coefficients.
            ("ml-dsa-44", MlDsa("2.16.840.1.101.3.4.3.17", 1312)),
            ("ml-dsa-65", MlDsa("2.16.840.1.101.3.4.3.18", 1952)),
            ("ml-dsa-87", MlDsa("2.16.840.1.101.3.4.3.19", 2592)),
        ];
    }

    private static ReadOnlyMemory<byte> Rsa(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportSubjectPublicKeyInfo();
    }

    private static ReadOnlyMemory<byte> Ec(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportSubjectPublicKeyInfo();
    }

    private static ReadOnlyMemory<byte> MlDsa(string oid, int length)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(oid);
            }
            der.WriteBitString(RandomNumberGenerator.GetBytes(length));
        }
        return der.Encode();
    }
}
