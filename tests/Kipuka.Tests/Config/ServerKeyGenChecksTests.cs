using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Tests.Config;

/// <summary><c>[est.serverkeygen]</c> (ruling 42).</summary>
public sealed class ServerKeyGenChecksTests : IDisposable
{
    private const string Kek = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kipuka-keygen-");

    public ServerKeyGenChecksTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        File.WriteAllText(In("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(In("key.pem"), key.ExportPkcs8PrivateKeyPem());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(In("other.pem"), other.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(In("kek"), Kek.ToUpperInvariant() + "\n");
        foreach (var file in _folder.GetFiles()) File.SetUnixFileMode(file.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Pair => $"[tls]\ncert = \"{In("cert.pem")}\"\nkey = \"{In("key.pem")}\"\n";

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("[est]\nserverkeygen = true", true)]
    [InlineData("[est]\nserverkeygen = false", false)]
    [InlineData("[est.serverkeygen]\nencryption = \"on-request\"", true)]
    [InlineData("[est.serverkeygen]\nenabled = false", false)]
    [InlineData("", false)]
    public void A_switch_or_a_table_turns_it_on(string toml, bool on)
    {
        var config = Checked.Minimal(Pair + toml).IsFine().Est.Serverkeygen;
        Assert.Equal(on, config.Enabled);
    }

    [Fact]
    public void Keys_are_encrypted_unless_it_says_otherwise()
        => Assert.Equal("required", Checked.Minimal(Pair + "[est]\nserverkeygen = true").IsFine().Est.Serverkeygen.Encryption);

    [Theory]
    [InlineData("ecdsa-p384", true)]
    [InlineData("RSA 3072", true)]
    [InlineData("rsa-2050", false)]
    [InlineData("ed25519", false)]
    [InlineData("dsa", false)]
    public void Key_type_is_one_that_is_made(string name, bool fine)
    {
        var result = Checked.Minimal($"{Pair}[est.serverkeygen]\nkey_type = \"{name}\"");
        if (fine) result.IsFine();
        else result.HasOnly("bad-value", "est.serverkeygen.key_type", "rsa-2048");
    }

    [Fact]
    public void A_decrypt_key_is_hex_or_base64_in_a_file_or_a_variable()
    {
        var base64 = Convert.ToBase64String(Convert.FromHexString(Kek));
        var config = Checked.Minimal($$"""
            {{Pair}}
            [[est.serverkeygen.decrypt_key]]
            id = "text"
            key_file = "{{In("kek")}}"
            [[est.serverkeygen.decrypt_key]]
            id = "hex:00FF"
            key = "${KEK}"
            """, ("KEK", base64)).IsFine().Est.Serverkeygen;
        Assert.Equal(["text"u8.ToArray(), [0, 0xFF]], config.DecryptKeys.Select(key => key.Identifier()!.Value.ToArray()));
        Assert.All(config.DecryptKeys, key =>
        {
            using var opened = key.Open();
            Assert.Equal(Kek, Convert.ToHexStringLower(opened!.Reveal()));
        });
    }

    [Theory]
    [InlineData("id = \"a\"", "missing-key", "est.serverkeygen.decrypt_key[0]", "no key")]
    [InlineData("id = \"a\"\nkey = \"abc\"", "bad-value", "est.serverkeygen.decrypt_key[0].key", "32 bytes")]
    [InlineData("id = \"hex:0\"\nkey = \"" + Kek + "\"", "bad-value", "est.serverkeygen.decrypt_key[0].id", "hex")]
    [InlineData("id = \"a\"\nkey = \"" + Kek + "\"\n[[est.serverkeygen.decrypt_key]]\nid = \"a\"\nkey = \"" + Kek + "\"", "duplicate-name",
        "est.serverkeygen.decrypt_key[1].id", "line")]
    [InlineData("key = \"" + Kek + "\"", "missing-key", "est.serverkeygen.decrypt_key[0].id", "no default")]
    public void A_decrypt_key_that_cannot_be_used_is_an_error(string toml, string code, string key, string message)
        => Checked.Minimal($"{Pair}[[est.serverkeygen.decrypt_key]]\n{toml}").HasOnly(code, key, message);

    [Fact]
    public void A_key_of_another_certificate_cannot_sign()
    {
        Checked.Minimal($"{Pair.Replace("key.pem", "other.pem", StringComparison.Ordinal)}[est]\nserverkeygen = true").HasOnly("bad-file", "est.serverkeygen", "signed");
        Checked.Minimal($"{Pair}[est]\nserverkeygen = true").IsFine();
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
