using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Reads the public half of a key pair from a token.</summary>
internal static class PublicKeys
{
    private static readonly (string Oid, string Name)[] Curves =
        [("1.2.840.10045.3.1.7", "P-256"), ("1.3.132.0.34", "P-384"), ("1.3.132.0.35", "P-521")];

    /// <exception cref="HsmException">The token does not show it.</exception>
    public static PublicKey Of(Session session, ulong privateKey)
        => Find(session, privateKey) ?? throw new HsmException(
            $"{session.Token} does not show the public key of the pair; it needs a public key object with the same CKA_ID", isSetup: true);

    /// <returns>Null when the token does not show it.</returns>
    public static PublicKey? Find(Session session, ulong privateKey)
    {
        var id = session.Attribute(privateKey, Ck.AttributeId) ?? [];
        var label = session.Attribute(privateKey, Ck.AttributeLabel) ?? [];
        var template = new Template().Add(Ck.AttributeClass, Ck.ClassPublicKey);
        template = id.Length > 0 ? template.Add(Ck.AttributeId, id) : template.Add(Ck.AttributeLabel, label);
        // Some tokens keep no public object of a pair, and show its values with the private key.
        ulong[] holders = [.. session.Find(template), privateKey];
        foreach (var holder in holders)
        {
            using var key = Read(session, holder, session.Number(privateKey, Ck.AttributeKeyType));
            if ((key is null ? MlDsaKeys.Read(session, holder) : new PublicKey(key)) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    public static string CurveName(byte[]? parameters) => CurveOid(parameters) is { } oid ? Array.Find(Curves, curve => curve.Oid == oid).Name ?? oid : "on an unnamed curve";

    /// <summary>CKA_EC_PARAMS for a curve.</summary>
    public static byte[] Parameters(string curve)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        der.WriteObjectIdentifier(Array.Find(Curves, known => known.Name == curve).Oid);
        return der.Encode();
    }

    /// <returns>An <see cref="RSA"/> or <see cref="ECDsa"/> without private key, for the caller to dispose; null for others, and when the object does not show it.</returns>
    public static AsymmetricAlgorithm? Read(Session session, ulong holder, ulong? type) => type switch
    {
        Ck.KeyTypeRsa => session.Attribute(holder, Ck.AttributeModulus) is { Length: > 0 } modulus
            && session.Attribute(holder, Ck.AttributePublicExponent) is { Length: > 0 } exponent ? Rsa(modulus, exponent) : null,
        Ck.KeyTypeEc => CurveOid(session.Attribute(holder, Ck.AttributeEcParameters)) is { } oid
            && session.Attribute(holder, Ck.AttributeEcPoint) is { Length: > 0 } point ? Ec(oid, point) : null,
        _ => null,
    };

    private static RSA Rsa(byte[] modulus, byte[] exponent)
        => RSA.Create(new RSAParameters { Modulus = modulus.AsSpan().TrimStart((byte)0).ToArray(), Exponent = exponent.AsSpan().TrimStart((byte)0).ToArray() });

    private static ECDsa Ec(string oid, byte[] written)
    {
        if (!Array.Exists(Curves, curve => curve.Oid == oid))
        {
            throw new HsmException($"the key is on the curve {oid}; CAs sign with P-256, P-384 or P-521", isSetup: true);
        }
        // A DER OCTET STRING by the standard; some modules leave its header out.
        var point = written[0] == 0x04 && AsnDecoder.TryReadPrimitiveOctetString(written, AsnEncodingRules.DER, out var inner, out var consumed) && consumed == written.Length
            ? inner
            : written;
        if (point.Length < 3 || point[0] != 0x04)
        {
            throw new HsmException("the token shows the key's point in a form that is not the uncompressed one", isSetup: true);
        }
        var half = (point.Length - 1) / 2;
        return ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(oid), Q = new ECPoint { X = point[1..(1 + half)].ToArray(), Y = point[(1 + half)..].ToArray() } });
    }

    private static string? CurveOid(byte[]? parameters)
    {
        try
        {
            return parameters is { Length: > 0 } ? AsnDecoder.ReadObjectIdentifier(parameters, AsnEncodingRules.DER, out _) : null;
        }
        catch (AsnContentException)
        {
            return null; // explicit parameters, which certificates must not have (RFC 5480 section 2.1.1)
        }
    }
}
