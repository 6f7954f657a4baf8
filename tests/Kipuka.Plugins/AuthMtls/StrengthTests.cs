using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.AuthMtls;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>Which keys and signatures are strong enough.</summary>
public sealed class StrengthTests
{
    [Theory]
    [InlineData(1024, false)]
    [InlineData(2040, false)]
    [InlineData(2048, true)]
    [InlineData(3072, true)]
    public async Task Rsa_keys_have_2048_bits_or_more(int bits, bool accepted)
    {
        using var key = RSA.Create(bits);
        var root = Pki.Root();
        await CheckAsync(root, Pki.Issue(root, "CN=device-1", key: key), accepted);
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", true)]
    [InlineData("1.3.132.0.34", true)]
    [InlineData("1.3.132.0.35", true)]
    [InlineData("1.3.132.0.10", false)]
    [InlineData("1.3.132.0.33", false)]
    public async Task Curves_are_P256_P384_and_P521(string curve, bool accepted)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));
        var root = Pki.Root();
        await CheckAsync(root, Pki.Issue(root, "CN=device-1", key: key), accepted);
    }

    [Theory]
    [InlineData("SHA1", false)]
    [InlineData("MD5", false)]
    [InlineData("SHA256", true)]
    [InlineData("SHA384", true)]
    [InlineData("SHA512", true)]
    public async Task Signatures_use_no_SHA1_and_no_MD5(string hash, bool accepted)
    {
        using var key = RSA.Create(2048);
        var root = Pki.Root("Root", key);
        await CheckAsync(root, Pki.Issue(root, "CN=device-1", hash: new HashAlgorithmName(hash), generator: Generator(key, hash)), accepted);
    }

    [Theory]
    [InlineData("SHA1", false)]
    [InlineData("SHA256", true)]
    [InlineData("SHA512", true)]
    public async Task Pss_signatures_name_a_strong_hash(string hash, bool accepted)
    {
        using var key = RSA.Create(2048);
        var root = Pki.Root("Root", key);
        var generator = hash == "SHA1" ? new PssSha1(key) : X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pss);
        await CheckAsync(root, Pki.Issue(root, "CN=device-1", hash: new HashAlgorithmName(hash), generator: generator), accepted);
    }

    [Fact]
    public async Task An_intermediate_with_a_weak_key_spoils_the_chain()
    {
        using var weak = RSA.Create(1024);
        using var strong = RSA.Create(2048);
        var root = Pki.Root();
        foreach (var (key, accepted) in new[] { (weak, false), (strong, true) })
        {
            var issuing = Pki.Issue(root, "CN=Issuing", authority: true, key: key);
            await CheckAsync(root, Pki.Leaf(issuing), accepted, issuing);
        }
    }

    [Fact]
    public async Task The_anchors_own_signature_is_not_asked()
    {
        using var key = RSA.Create(2048);
        var root = Pki.Issue(null, "CN=Old root", authority: true, key: key, hash: HashAlgorithmName.SHA1, generator: Generator(key, "SHA1"));
        await CheckAsync(root, Pki.Leaf(root), true);
    }

    private static async Task CheckAsync(X509Certificate2 root, X509Certificate2 leaf, bool accepted, params X509Certificate2[] further)
    {
        var result = await Pki.AskAsync(new MtlsSettings { TrustAnchors = [Pki.File(root)] }, Pki.Request([leaf, .. further]));
        if (accepted)
        {
            Pki.Accepted(result);
        }
        else
        {
            Pki.NotPresented(result, "");
        }
    }

    private static X509SignatureGenerator Generator(RSA key, string hash) => hash is "SHA1" or "MD5"
        ? new Pkcs1Old(key, hash == "MD5" ? "1.2.840.113549.1.1.4" : "1.2.840.113549.1.1.5")
        : X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);

    /// <summary>Signs with the hash that a request asks for, under an algorithm that the platform no longer writes.</summary>
    private sealed class Pkcs1Old(RSA key, string oid) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
                writer.WriteNull();
            }
            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, hashAlgorithm, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }

    /// <summary>RSASSA-PSS with empty parameters, which mean SHA-1 (RFC 4055 section 3.1).</summary>
    private sealed class PssSha1(RSA key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.10");
                using (writer.PushSequence())
                {
                }
            }
            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, hashAlgorithm, RSASignaturePadding.Pss);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
