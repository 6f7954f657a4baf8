using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>ML-DSA keys (FIPS 204) as tokens show them (PKCS#11 3.2) and as certificates carry them (RFC 9881).</summary>
internal static class MlDsaKeys
{
    private static readonly (MLDsaAlgorithm Set, string Oid, uint Number)[] Sets =
    [
        (MLDsaAlgorithm.MLDsa44, "2.16.840.1.101.3.4.3.17", 1),
        (MLDsaAlgorithm.MLDsa65, "2.16.840.1.101.3.4.3.18", 2),
        (MLDsaAlgorithm.MLDsa87, "2.16.840.1.101.3.4.3.19", 3),
    ];

    /// <summary>CKP_ML_DSA_44, 65 or 87.</summary>
    public static uint ParameterSet(MLDsaAlgorithm set) => Array.Find(Sets, known => known.Set == set).Number;

    /// <summary>The parameter set of a certificate's key; null when it is none.</summary>
    public static MLDsaAlgorithm? SetOf(PublicKey key) => Array.Find(Sets, known => known.Oid == key.Oid.Value).Set;

    /// <summary>AlgorithmIdentifier of key and signature: an OID and no parameters (RFC 9881 section 2).</summary>
    public static byte[] AlgorithmIdentifier(MLDsaAlgorithm set)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(Array.Find(Sets, known => known.Set == set).Oid);
        }
        return der.Encode();
    }

    /// <summary>The public key that an object shows, by CKA_PUBLIC_KEY_INFO or, a public key, by CKA_VALUE; null when it shows none.</summary>
    public static PublicKey? Read(Session session, ulong holder)
    {
        try
        {
            if (session.Attribute(holder, Ck.AttributePublicKeyInfo) is { Length: > 0 } info && PublicKey.CreateFromSubjectPublicKeyInfo(info, out _) is var whole
                && SetOf(whole) is not null)
            {
                return whole;
            }
        }
        catch (CryptographicException)
        {
            return null; // what cannot be read says nothing
        }
        // The CKA_VALUE of a private key is its secret.
        if (session.Number(holder, Ck.AttributeClass) != Ck.ClassPublicKey || session.Attribute(holder, Ck.AttributeValue) is not { } value
            || Sets.FirstOrDefault(known => known.Set.PublicKeySizeInBytes == value.Length).Set is not { } set)
        {
            return null;
        }
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteEncodedValue(AlgorithmIdentifier(set));
            der.WriteBitString(value);
        }
        return PublicKey.CreateFromSubjectPublicKeyInfo(der.Encode(), out _);
    }
}
