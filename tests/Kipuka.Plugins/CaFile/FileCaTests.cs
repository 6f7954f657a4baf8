using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaFile;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.Tests.CaFile;

public sealed class FileCaTests : IDisposable
{
    private const string P256 = "ecparam -name prime256v1 -genkey -noout -out KEY";
    private readonly Workshop workshop = new();
    private readonly FileCaPlugin plugin = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("genrsa -out KEY 2048")] // PKCS#8
    [InlineData("genrsa -traditional -out KEY 3072")] // PKCS#1
    [InlineData("ecparam -name prime256v1 -genkey -noout -out KEY")] // SEC1
    [InlineData("ecparam -name secp384r1 -genkey -out KEY")] // EC PARAMETERS before the key
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out KEY")] // PKCS#8
    public async Task Every_plain_form_of_a_key_signs(string command)
    {
        await workshop.MakeRootAsync(command);
        await AssertIssuesAsync(workshop.Settings());
    }

    [Theory]
    [InlineData("sha384", "pkcs1", "1.2.840.113549.1.1.12")]
    [InlineData("sha512", "pss", "1.2.840.113549.1.1.10")]
    public async Task Hash_and_padding_are_the_settings(string hash, string padding, string oid)
    {
        await workshop.MakeRootAsync("genrsa -out KEY 2048");
        var certificate = await AssertIssuesAsync(workshop.Settings() with { SignatureHash = hash, RsaPadding = padding });
        Assert.Equal(oid, certificate.SignatureAlgorithm.Value);
    }

    [Theory]
    [InlineData("genrsa -out KEY 2048")]
    [InlineData(P256)]
    public async Task An_encrypted_key_opens_with_the_passphrase_of_the_file(string command)
    {
        await workshop.MakeRootAsync(command);
        await EncryptAsync();
        await AssertIssuesAsync(workshop.Settings("encrypted.key") with { KeyPassphraseFile = workshop.SecretText(Workshop.Passphrase + "\r\n") });
    }

    [Fact]
    public async Task The_environment_comes_before_the_file()
    {
        await workshop.MakeRootAsync(P256);
        await EncryptAsync();
        Environment.SetEnvironmentVariable("KIPUKA_TEST_CA_PASSPHRASE", Workshop.Passphrase);
        await AssertIssuesAsync(workshop.Settings("encrypted.key") with
        {
            KeyPassphraseEnv = "KIPUKA_TEST_CA_PASSPHRASE",
            KeyPassphraseFile = workshop.SecretText("wrong"),
        });
    }

    [Fact]
    public async Task An_unset_variable_is_a_problem_and_no_prompt()
    {
        await workshop.MakeRootAsync(P256);
        await EncryptAsync();
        await AssertRefusedAsync(
            workshop.Settings("encrypted.key") with { KeyPassphraseEnv = "KIPUKA_TEST_UNSET" }, "key_passphrase_env", "KIPUKA_TEST_UNSET is not set");
    }

    [Fact]
    public async Task An_encrypted_key_without_a_passphrase_names_the_keys_to_set()
    {
        await workshop.MakeRootAsync(P256);
        await EncryptAsync();
        await AssertRefusedAsync(workshop.Settings("encrypted.key"), "key", "set key_passphrase_env or key_passphrase_file");
    }

    [Fact]
    public async Task A_wrong_passphrase_is_said_and_not_shown()
    {
        await workshop.MakeRootAsync(P256);
        await EncryptAsync();
        var message = await AssertRefusedAsync(
            workshop.Settings("encrypted.key") with { KeyPassphraseFile = workshop.SecretText("hunter2-hunter2") }, "key", "cannot be decrypted");
        Assert.DoesNotContain("hunter2", message);
    }

    [Fact]
    public async Task The_old_encrypted_PEM_is_refused_with_the_command_that_converts_it()
    {
        await workshop.MakeRootAsync("genrsa -traditional -out KEY 2048");
        await workshop.OpenSslAsync("rsa -traditional -aes128 -in ca.key -out old.key -passout pass:whatever");
        await AssertRefusedAsync(workshop.Settings("old.key"), "key", "openssl pkcs8 -topk8");
    }

    [Theory]
    [InlineData("genrsa -out KEY 2048")]
    [InlineData(P256)]
    public async Task A_key_in_PKCS12_signs(string command)
    {
        await workshop.MakeRootAsync(command);
        await workshop.OpenSslAsync($"pkcs12 -export -inkey ca.key -in ca.crt -out ca.p12 -passout \"pass:{Workshop.Passphrase}\"");
        await AssertIssuesAsync(workshop.Settings("ca.p12") with { KeyPassphraseFile = workshop.SecretText(Workshop.Passphrase) });
        await AssertRefusedAsync(workshop.Settings("ca.p12") with { KeyPassphraseFile = workshop.SecretText("wrong") }, "key", "cannot be opened");
        await AssertRefusedAsync(workshop.Settings("ca.p12"), "key", "is PKCS#12; set key_passphrase_env");
    }

    [Fact]
    public async Task A_PKCS12_file_of_another_CA_is_refused()
    {
        await workshop.MakeRootAsync(P256);
        await workshop.MakeRootAsync(P256, "other");
        await workshop.OpenSslAsync("pkcs12 -export -inkey other.key -in other.crt -out other.p12 -passout pass:x");
        await AssertRefusedAsync(workshop.Settings("other.p12") with { KeyPassphraseFile = workshop.SecretText("x") }, "key", "no private key for the certificate");
    }

    [Theory]
    [InlineData(P256)]
    [InlineData("genrsa -out KEY 2048")]
    public async Task A_key_of_another_certificate_is_refused_naming_both_files(string otherCommand)
    {
        await workshop.MakeRootAsync(P256);
        await workshop.MakeRootAsync(otherCommand, "other");
        var message = await AssertRefusedAsync(workshop.Settings("other.key"), "key", workshop.At("other.key"));
        Assert.Contains(workshop.At("ca.crt"), message);
    }

    [Theory]
    [InlineData("", "neither PEM nor PKCS#12")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "neither an RSA nor an ECDSA key")]
    [InlineData("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n", "\"DSA PRIVATE KEY\"")]
    public async Task A_file_without_a_usable_key_is_named(string text, string expected)
    {
        await workshop.MakeRootAsync(P256);
        File.WriteAllText(workshop.At("wrong.key"), text);
        await AssertRefusedAsync(workshop.Settings("wrong.key"), "key", expected);
    }

    [Fact]
    public async Task A_DER_key_is_refused_with_the_command_that_converts_it()
    {
        await workshop.MakeRootAsync(P256);
        await workshop.OpenSslAsync("pkey -in ca.key -outform DER -out ca.der");
        await AssertRefusedAsync(workshop.Settings("ca.der"), "key", "openssl pkey");
    }

    [Fact]
    public async Task Two_keys_in_a_file_are_refused()
    {
        await workshop.MakeRootAsync(P256);
        var key = File.ReadAllText(workshop.At("ca.key"));
        File.WriteAllText(workshop.At("two.key"), key + key);
        await AssertRefusedAsync(workshop.Settings("two.key"), "key", "more than one private key");
    }

    [Fact]
    public async Task A_passphrase_for_a_key_that_is_not_encrypted_is_a_warning()
    {
        await workshop.MakeRootAsync(P256);
        var settings = workshop.Settings() with { KeyPassphraseFile = workshop.SecretText("x") };
        Assert.True(Assert.Single(plugin.Check(settings)).IsWarning);
        await AssertIssuesAsync(settings);
    }

    // One key object for all threads: what OpenSSL promises for EVP_PKEY, tried.
    [Theory]
    [InlineData("genrsa -out KEY 2048")]
    [InlineData(P256)]
    public async Task Signatures_made_at_once_are_all_right(string command)
    {
        await workshop.MakeRootAsync(command);
        var settings = workshop.Settings();
        await using var authority = await plugin.StartAsync(settings, new BareHost(), default);
        var draft = Draft();
        var issued = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            List<byte[]> certificates = [];
            for (var i = 0; i < 50; i++) certificates.Add(((IssueResult.Issued)await authority.IssueAsync(draft, default)).Certificate.ToArray());
            return certificates;
        })));
        var certificates = issued.SelectMany(list => list).Select(der => X509CertificateLoader.LoadCertificate(der)).ToList();
        Assert.Equal(400, certificates.Count);
        Assert.All(certificates, certificate => AssertVerifies(settings, certificate));
    }

    private Task EncryptAsync()
        => workshop.OpenSslAsync($"pkcs8 -topk8 -v2 aes-256-cbc -in ca.key -out encrypted.key -passout \"pass:{Workshop.Passphrase}\"");

    private async Task<X509Certificate2> AssertIssuesAsync(FileCaSettings settings)
    {
        Assert.DoesNotContain(plugin.Check(settings), problem => !problem.IsWarning);
        await using var authority = await plugin.StartAsync(settings, new BareHost(), default);
        var issued = Assert.IsType<IssueResult.Issued>(await authority.IssueAsync(Draft(), default));
        var certificate = X509CertificateLoader.LoadCertificate(issued.Certificate.Span);
        AssertVerifies(settings, certificate);
        return certificate;
    }

    private async Task<string> AssertRefusedAsync(FileCaSettings settings, string key, string expected)
    {
        var problem = Assert.Single(plugin.Check(settings));
        Assert.False(problem.IsWarning);
        Assert.Equal(key, problem.Key);
        Assert.Contains(expected, problem.Message);
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => plugin.StartAsync(settings, new BareHost(), default).AsTask());
        Assert.Equal(problem.Message, fault.Message);
        return problem.Message;
    }

    private static void AssertVerifies(FileCaSettings settings, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(settings.LoadCertificates().Issuer.RawData));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        Assert.True(chain.Build(certificate), string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    private static CertificateDraft Draft()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateDraft
        {
            Transaction = Guid.NewGuid(),
            Profile = "",
            Subject = new X500DistinguishedName("CN=device"),
            SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo(),
            Extensions = [new X509BasicConstraintsExtension(false, false, 0, true)],
            NotBefore = now.AddMinutes(-1),
            NotAfter = now.AddDays(1),
            Serial = (byte[])[0x11, .. RandomNumberGenerator.GetBytes(19)],
        };
    }
}
