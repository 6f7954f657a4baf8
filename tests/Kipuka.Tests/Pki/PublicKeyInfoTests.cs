using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class PublicKeyInfoTests
{
    private static readonly byte[] P256 = Samples.Key.ExportSubjectPublicKeyInfo();

    [Fact]
    public void Key_identifier_is_the_platforms() // RFC 5280 4.2.1.2 (1)
    {
        foreach (var file in new[] { "csr/rsa-2048.der", "csr/ecdsa-p384.der" })
        {
            var key = CertificationRequest.Parse(Samples.File(file)).PublicKey;
            var platform = new X509SubjectKeyIdentifierExtension(PublicKey.CreateFromSubjectPublicKeyInfo(key.Raw.Span, out _), false);
            Assert.Equal(platform.SubjectKeyIdentifierBytes.ToArray(), key.KeyIdentifier());
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(384)]
    [InlineData(521)]
    public void Point_beside_the_curve_is_refused(int bits) // SP 800-56A 5.6.2.3.3
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName($"nistP{bits}"));
        var spki = key.ExportSubjectPublicKeyInfo();
        Assert.Equal((bits, $"ecdsa-p{bits}"), (PublicKeyInfo.Parse(spki).KeyBits, PublicKeyInfo.Parse(spki).KeyType.Name));
        spki[^1] ^= 1;
        Assert.Equal("the public key is a point that is not on its curve", Refusal(spki));
    }

    [Fact]
    public void Coordinate_not_below_the_prime_is_refused_though_it_satisfies_the_equation() // SP 800-56A 5.6.2.3.3 step 2
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var spki = key.ExportSubjectPublicKeyInfo();
        var x = spki.AsSpan(spki.Length - 132, 66); // of 528 bits, so that there is room above the prime
        var above = new BigInteger(x, isUnsigned: true, isBigEndian: true) + (BigInteger.One << 521) - 1;
        above.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(x);
        Assert.Equal("the public key is a point that is not on its curve", Refusal(spki));
    }

    [Fact]
    public void Compressed_and_hybrid_and_short_points_are_refused() // RFC 5480 2.2
    {
        byte[] point = [.. P256.AsSpan(P256.Length - 65)];
        foreach (var wrong in new[] { [0x02, .. point.AsSpan(1, 32)], [0x06, .. point.AsSpan(1)], point[..64], [0x00], [] })
            Assert.Equal("the public key is not an uncompressed point of its curve (RFC 5480 2.2)", Refusal(Ec(Oids.Secp256r1, wrong)));
        Assert.Equal("the public key is not an uncompressed point of its curve (RFC 5480 2.2)", Refusal(Ec(Oids.Secp384r1, point)));
    }

    [Fact]
    public void Unknown_algorithm_and_curve_are_named()
    {
        Assert.Equal("the public key has the unknown algorithm 1.2.840.10040.4.1", Refusal(Spki("1.2.840.10040.4.1", null, [1])));
        Assert.Equal("the public key is on the unknown curve 1.3.36.3.3.2.8.1.1.7", Refusal(Ec("1.3.36.3.3.2.8.1.1.7", [4])));
    }

    [Theory]
    [InlineData(2048, "rsa-2048")]
    [InlineData(2047, "rsa-2047")]
    [InlineData(1024, "rsa-1024")]
    [InlineData(16384, "rsa-16384")]
    public void RSA_of_any_size_up_to_16384_parses_and_is_left_to_policy(int bits, string name)
    {
        var key = PublicKeyInfo.Parse(Rsa(Modulus(bits), 65537));
        Assert.Equal((name, bits), (key.KeyType.Name, key.KeyBits));
    }

    [Fact]
    public void RSA_numbers_out_of_range_are_refused()
    {
        Assert.Equal("the public key has an RSA modulus of more than 16384 bits", Refusal(Rsa(Modulus(16385), 65537)));
        Assert.Equal("the public key has an RSA modulus that is not odd and positive", Refusal(Rsa(Modulus(2048) - 1, 65537)));
        Assert.Equal("the public key has an RSA modulus that is not odd and positive", Refusal(Rsa(-Modulus(2048), 65537)));
        foreach (var exponent in new BigInteger[] { 1, 4, -3, (BigInteger.One << 64) + 1 })
        {
            var spki = Rsa(Modulus(2048), exponent);
            Assert.Equal("the public key has an RSA exponent that is not odd and between 3 and 2^64", Refusal(spki));
        }
        Assert.Equal("rsa-2048", PublicKeyInfo.Parse(Rsa(Modulus(2048), 3)).KeyType.Name);
    }

    [Fact]
    public void RSA_parameters_must_be_NULL() // RFC 3279 2.3.1
    {
        var numbers = PublicKeyInfo.Parse(Rsa(Modulus(2048), 3)).KeyBytes.ToArray();
        foreach (var parameters in new byte[]?[] { null, [0x30, 0x00] })
        {
            var spki = Spki(Oids.RsaEncryption, parameters, numbers);
            Assert.Equal("the public key has RSA parameters that are not NULL (RFC 3279 2.3.1)", Refusal(spki));
        }
    }

    [Theory]
    [InlineData(Oids.MlDsa44, 1312, "ml-dsa-44")]
    [InlineData(Oids.MlDsa65, 1952, "ml-dsa-65")]
    [InlineData(Oids.MlDsa87, 2592, "ml-dsa-87")]
    [InlineData(Oids.Ed25519, 32, "ed25519")]
    public void Key_of_fixed_length_has_no_parameters(string oid, int length, string name) // RFC 8410 3, RFC 9881 2
    {
        Assert.Equal(name, PublicKeyInfo.Parse(Spki(oid, null, new byte[length])).KeyType.Name);
        Assert.Equal($"the public key is {name} but not {length} bytes long", Refusal(Spki(oid, null, new byte[length + 1])));
        Assert.StartsWith($"the public key is {name} with parameters", Refusal(Spki(oid, [0x05, 0x00], new byte[length])));
    }

    [Fact]
    public void ML_DSA_signature_is_verified_or_refused_by_name()
    {
        var algorithm = new AlgorithmIdentifier(Oids.MlDsa65, null, default);
        if (!MLDsa.IsSupported)
        {
            var key = PublicKeyInfo.Parse(Spki(Oids.MlDsa65, null, new byte[1952]));
            Assert.Equal("this server cannot verify ml-dsa-65 signatures", Samples.Refusal(() => key.Verify([1], [2], algorithm)));
            return;
        }
        using var mlDsa = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
        var generated = PublicKeyInfo.Parse(Spki(Oids.MlDsa65, null, mlDsa.ExportMLDsaPublicKey()));
        Assert.True(generated.Verify([1], mlDsa.SignData([1]), algorithm));
        Assert.False(generated.Verify([2], mlDsa.SignData([1]), algorithm));
        Assert.False(generated.Verify([1], mlDsa.SignData([1]), new AlgorithmIdentifier(Oids.MlDsa44, null, default)));
    }

    private static BigInteger Modulus(int bits) => (BigInteger.One << (bits - 1)) + 1;

    private static byte[] Rsa(BigInteger modulus, BigInteger exponent) => Spki(Oids.RsaEncryption, [0x05, 0x00], Samples.Der(w =>
    {
        using var key = w.PushSequence();
        w.WriteInteger(modulus);
        w.WriteInteger(exponent);
    }));

    private static byte[] Ec(string curve, byte[] point) => Spki(Oids.EcPublicKey, Samples.Der(w => w.WriteObjectIdentifier(curve)), point);

    private static byte[] Spki(string algorithm, byte[]? parameters, byte[] key) => Samples.Der(w =>
    {
        using var spki = w.PushSequence();
        using (w.PushSequence())
        {
            w.WriteObjectIdentifier(algorithm);
            if (parameters is not null) w.WriteEncodedValue(parameters);
        }
        w.WriteBitString(key);
    });

    private static string Refusal(byte[] spki) => Samples.Refusal(() => PublicKeyInfo.Parse(spki));
}
