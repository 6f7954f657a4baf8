using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>A NIST curve (RFC 5480 2.1.1.1): its identifiers, and the equation that tells a point on it from one beside it.</summary>
internal sealed class NamedCurve
{
    private static readonly NamedCurve[] Known =
    [
        new(Oids.Secp256r1, KeyType.EcdsaP256, ECCurve.NamedCurves.nistP256,
            (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1,
            "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"),
        new(Oids.Secp384r1, KeyType.EcdsaP384, ECCurve.NamedCurves.nistP384,
            (BigInteger.One << 384) - (BigInteger.One << 128) - (BigInteger.One << 96) + (BigInteger.One << 32) - 1,
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF"),
        new(Oids.Secp521r1, KeyType.EcdsaP521, ECCurve.NamedCurves.nistP521,
            (BigInteger.One << 521) - 1,
            "51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109" +
            "E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00"),
    ];

    private readonly BigInteger _prime;
    private readonly BigInteger _b;

    private NamedCurve(string oid, KeyType type, ECCurve platform, BigInteger prime, string b)
    {
        Oid = oid;
        KeyType = type;
        Platform = platform;
        _prime = prime;
        _b = BigInteger.Parse("0" + b, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    public string Oid { get; }

    public KeyType KeyType { get; }

    public ECCurve Platform { get; }

    public int CoordinateBytes => (KeyType.Size + 7) / 8;

    public static NamedCurve? ByOid(string oid) => Array.Find(Known, c => c.Oid == oid);

    public static NamedCurve Of(KeyType type) => Array.Find(Known, c => c.KeyType == type)!;

    /// <summary>
    /// Whether 04 ‖ X ‖ Y is a point of the curve: y² = x³ − 3x + b. The curves' cofactor is 1, so this is full validation of the
    /// key (SP 800-56A 5.6.2.3.3). Done here because a key may be certified without ever verifying a signature.
    /// </summary>
    public bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        var x = new BigInteger(point.Slice(1, CoordinateBytes), isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(point[(1 + CoordinateBytes)..], isUnsigned: true, isBigEndian: true);
        return x < _prime && y < _prime && ((y * y) - (((x * x) - 3) * x) - _b) % _prime == 0;
    }
}
