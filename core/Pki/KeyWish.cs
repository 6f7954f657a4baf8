using System.Formats.Asn1;
using System.Globalization;

namespace Kipuka.Pki;

/// <summary>The kind of key that a CSR shall carry, as CSR attributes say it (RFC 9908 3.2 and 3.4).</summary>
/// <param name="Algorithm">The OID of the public key's algorithm.</param>
/// <param name="Curve">The OID of the curve, where the algorithm is ecPublicKey and one is named.</param>
/// <param name="RsaBits">The size of the modulus, where the algorithm is rsaEncryption and one is named.</param>
internal sealed record KeyWish(string Algorithm, string? Curve = null, int? RsaBits = null)
{
    private const int PublicExponent = 65537;

    /// <summary>The type as configuration names it; null for a kind that we do not know, or one of no stated size.</summary>
    public KeyType? Type => Algorithm switch
    {
        Oids.RsaEncryption => RsaBits is { } bits ? KeyType.Rsa(bits) : null,
        Oids.EcPublicKey => Curve is { } oid ? NamedCurve.ByOid(oid)?.KeyType : null,
        _ => KeyAlgorithms.TypeOf(Algorithm),
    };

    public string Text => Type?.Name ?? Algorithm switch
    {
        Oids.RsaEncryption => "rsa of any size",
        Oids.EcPublicKey => Curve is null ? "ecdsa on any curve" : $"ecdsa on the curve {Curve}",
        _ => Algorithm,
    };

    public static KeyWish For(KeyType type) => type.Family switch
    {
        KeyFamily.Rsa => new KeyWish(Oids.RsaEncryption, RsaBits: type.Size),
        KeyFamily.Ecdsa => new KeyWish(Oids.EcPublicKey, NamedCurve.Of(type).Oid),
        _ => new KeyWish(KeyAlgorithms.OidOf(type)),
    };

    public static bool IsKeyAlgorithm(string oid) => oid is Oids.RsaEncryption or Oids.EcPublicKey || KeyAlgorithms.TypeOf(oid) is not null;

    /// <summary>The element of the old list. An algorithm without parameters is an OID alone: an attribute would need a value.</summary>
    public CsrAttribute ToAttribute() => this switch
    {
        { RsaBits: { } bits } => new CsrAttribute(Algorithm, [Der.Write(writer => writer.WriteInteger(bits))]),
        { Curve: { } oid } => new CsrAttribute(Algorithm, [Der.Write(writer => writer.WriteObjectIdentifier(oid))]),
        _ => new CsrAttribute(Algorithm),
    };

    /// <summary>Null where the element is about something else.</summary>
    public static KeyWish? Read(CsrAttribute attribute)
    {
        if (!IsKeyAlgorithm(attribute.Oid)) return null;
        if (attribute.Values is not [var value, ..]) return new KeyWish(attribute.Oid);
        return attribute.Oid switch
        {
            Oids.RsaEncryption => new KeyWish(attribute.Oid, RsaBits: Der.Read(value, "the RSA key's size", ReadBits)),
            Oids.EcPublicKey => new KeyWish(attribute.Oid, Der.Read(value, "the key's curve", static reader => reader.ReadOid())),
            _ => new KeyWish(attribute.Oid),
        };
    }

    /// <summary>SubjectPublicKeyInfoTemplate: key bits only to say the size of an RSA key, and then of a number that is nobody's key.</summary>
    public void WriteTemplate(AsnWriter writer, Asn1Tag tag)
    {
        using var info = writer.PushSequence(tag);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Algorithm);
            if (Curve is not null) writer.WriteObjectIdentifier(Curve);
            if (Algorithm == Oids.RsaEncryption) writer.WriteNull();
        }
        if (RsaBits is { } bits) writer.WriteBitString(Placeholder(bits));
    }

    public static KeyWish ReadTemplate(AsnReader info)
    {
        var algorithm = AlgorithmIdentifier.Read(info);
        var key = info.HasData ? info.ReadWholeBits("the template's public key") : default(ReadOnlyMemory<byte>?);
        info.ThrowIfNotEmpty();
        switch (algorithm.Oid)
        {
            case Oids.RsaEncryption:
                return new KeyWish(algorithm.Oid, RsaBits: key is { } bits ? (int)PublicKeyInfo.ReadRsaNumbers(bits).Modulus.GetBitLength() : null);
            case Oids.EcPublicKey when algorithm.Parameters is { } parameters:
                return new KeyWish(algorithm.Oid, Der.Read(parameters, "the template's curve", static reader => reader.ReadOid()));
            default:
                return new KeyWish(algorithm.Oid);
        }
    }

    public override string ToString() => Text;

    // 2^(n-1) + 1: of the length that is meant, and plainly no product of two secret primes.
    private static byte[] Placeholder(int bits)
    {
        var modulus = new byte[(bits + 7) / 8];
        modulus[0] = (byte)(1 << ((bits - 1) % 8));
        modulus[^1] |= 1;
        return Der.Write(writer =>
        {
            using var key = writer.PushSequence();
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteInteger(PublicExponent);
        });
    }

    private static int ReadBits(AsnReader reader) => reader.TryReadInt32(out var bits) && bits is > 0 and <= Limits.RsaBits
        ? bits
        : throw new MalformedException(string.Create(CultureInfo.InvariantCulture, $"the RSA key's size is not between 1 and {Limits.RsaBits}"));
}
