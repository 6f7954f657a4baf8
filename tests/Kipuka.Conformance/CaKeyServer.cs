using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>A server that issues from a CA of every kind of key, each at a label of the CA's name.</summary>
public sealed class CaKeyServer : EstServer, IAsyncLifetime
{
    private const string Passphrase = "correct horse battery staple";
    private readonly Dictionary<string, TestAuthority> _authorities = [];

    /// <summary>Names of CAs, and the dotted OID of the signature algorithm that each shall use.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "rsa-pkcs1", "1.2.840.113549.1.1.11" },
        { "rsa-sha384", "1.2.840.113549.1.1.12" },
        { "rsa-sha512", "1.2.840.113549.1.1.13" },
        { "rsa-pss", "1.2.840.113549.1.1.10" },
        { "rsa-3072-pkcs1-armour", "1.2.840.113549.1.1.11" },
        { "p256", "1.2.840.10045.4.3.2" },
        { "p384", "1.2.840.10045.4.3.3" },
        { "p521", "1.2.840.10045.4.3.4" },
        { "p256-sec1", "1.2.840.10045.4.3.2" },
        { "encrypted", "1.2.840.10045.4.3.2" },
        { "pkcs12", "1.2.840.10045.4.3.3" },
    };

    protected override ServerSetup Setup => new()
    {
        Environment = new Dictionary<string, string?> { ["TEST_CA_PASSPHRASE"] = Passphrase },
        Files = new Dictionary<string, string> { ["passphrase.txt"] = Passphrase + "\n" },
    };

    public TestAuthority Authority(string name) => _authorities[name];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        var (ec, rsa) = (ECCurve.NamedCurves.nistP256, RSA.Create(2048));
        var pkcs8 = PemEncoding.WriteString("PRIVATE KEY", rsa.ExportPkcs8PrivateKey());
        foreach (var (name, more) in new[] { ("rsa-pkcs1", ""), ("rsa-sha384", "signature_hash = \"sha384\""), ("rsa-sha512", "signature_hash = \"sha512\""), ("rsa-pss", "rsa_padding = \"pss\"") })
        {
            Add(name, rsa, pkcs8, more);
        }
        var large = RSA.Create(3072);
        Add("rsa-3072-pkcs1-armour", large, large.ExportRSAPrivateKeyPem());
        Add("p256", ECDsa.Create(ec));
        Add("p384", ECDsa.Create(ECCurve.NamedCurves.nistP384));
        Add("p521", ECDsa.Create(ECCurve.NamedCurves.nistP521));
        var sec1 = ECDsa.Create(ec);
        Add("p256-sec1", sec1, sec1.ExportECPrivateKeyPem());
        var encrypted = ECDsa.Create(ec);
        var how = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);
        Add("encrypted", encrypted, encrypted.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, how), "key_passphrase_env = \"TEST_CA_PASSPHRASE\"");
        AddPkcs12();
        // The keys are files that the harness does not write, so the running server takes them up with a reload.
        var (status, _, text) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.OK, text);
    }

    private void AddPkcs12()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var authority = Add("pkcs12", key, "", "key_passphrase_file = \"passphrase.txt\"");
        using var joined = TestAuthority.WithKey(authority.Certificate, key);
        File.WriteAllBytes(Path.Combine(Kipuka.Folder, "pkcs12-key.pem"), joined.Export(X509ContentType.Pkcs12, Passphrase)!);
    }

    private TestAuthority Add(string name, AsymmetricAlgorithm key, string? keyText = null, string more = "")
    {
        var authority = _authorities[name] = new TestAuthority($"CA {name}", key);
        var keyFile = Path.Combine(Kipuka.Folder, $"{name}-key.pem");
        File.WriteAllText(Path.Combine(Kipuka.Folder, $"{name}.pem"), authority.CertificatePem);
        File.WriteAllText(keyFile, keyText ?? authority.KeyPem);
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.AppendAllText(Kipuka.ConfigFile, $"""

            [[est.label]]
            name = "{name}"
            ca_id = "{name}"
            require_san = false
            [[ca]]
            id = "{name}"
            cert = "{name}.pem"
            key = "{name}-key.pem"
            {more}

            """);
        return authority;
    }
}
