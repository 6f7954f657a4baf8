using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>
/// CAs with ML-DSA keys (PKCS#11 3.2, RFC 9881) over a module that lists CKM_ML_DSA and makes signatures of its own rule. What a platform with
/// OpenSSL 3.5 would verify, and here refuse, is left to tests on such a platform.
/// </summary>
public sealed class HsmMlDsaTests : IAsyncLifetime, IDisposable
{
    private const string Keys = "key = \"pkcs11:token=kipuka;object=pqc\"";
    private const string Unverified = Keys + "\nunverified_signatures = true";

    private readonly SoftHsm _hsm = new();
    private string _module = "";

    public async Task InitializeAsync()
    {
        await _hsm.MakeTokenAsync("kipuka");
        _module = await _hsm.BuildFaultModuleAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _hsm.Dispose();

    [Theory]
    [InlineData(44, "2.16.840.1.101.3.4.3.17", 2420)]
    [InlineData(65, "2.16.840.1.101.3.4.3.18", 3309)]
    [InlineData(87, "2.16.840.1.101.3.4.3.19", 4627)]
    public async Task Certificates_carry_the_tokens_signature_under_the_OID_of_RFC_9881(int set, string oid, int length)
    {
        await MakeCertificateAsync(set);
        using var issuer = X509CertificateLoader.LoadCertificateFromFile(_hsm["pqc.pem"]);
        Assert.Equal(oid, issuer.PublicKey.Oid.Value);
        AssertSigned(issuer, oid, length);
        if (MLDsa.IsSupported)
        {
            return; // this platform notices that the module's rule is no ML-DSA
        }
        await using var server = await StartAsync(_hsm, Hsm(library: _module) + Authority("pqc", _hsm["pqc.pem"], Unverified));
        for (var i = 0; i < 2; i++)
        {
            var answer = await EnrollAsync(server, "pqc", $"d{i}");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString() + server.Log);
            Assert.Equal("CN=pqc", answer.Certificate.Issuer);
            AssertSigned(answer.Certificate, oid, length);
        }
        var (_, health, _) = await server.AdminAsync(HttpMethod.Get, "health");
        Assert.Contains($"cannot verify ml-dsa-{set} signatures", health.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"degraded\"", health.ToString(), StringComparison.Ordinal);
    }

    // The twin of the above: what nobody here can verify is served only by somebody's decision.
    [Fact]
    public async Task Without_unverified_signatures_the_CA_issues_nothing_and_says_why()
    {
        await MakeCertificateAsync(65);
        if (MLDsa.IsSupported)
        {
            return;
        }
        await using var server = await StartAsync(_hsm, Hsm(library: _module) + Authority("pqc", _hsm["pqc.pem"], Keys));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "pqc")).Status);
        Assert.Contains("this platform cannot verify ml-dsa-65 signatures, which needs OpenSSL 3.5, so nobody would notice a wrong signature", server.Log, StringComparison.Ordinal);
        Assert.Contains("set unverified_signatures = true for this CA", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_whose_public_half_is_not_the_certificates_is_refused_though_no_signature_can_be_verified()
    {
        await MakeCertificateAsync(65);
        _hsm.Inject("ml_dsa 65\nother_key 1");
        var message = await FailureAsync(_hsm, Hsm(library: _module) + Authority("pqc", _hsm["pqc.pem"], Unverified));
        Assert.Contains("does not belong to the certificate", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_the_mechanism_is_refused_and_hash_and_padding_too()
    {
        await MakeCertificateAsync(44);
        var message = await FailureAsync(_hsm, Hsm(library: _module) + Authority("pqc", _hsm["pqc.pem"], Unverified + "\nsignature_hash = \"sha256\""));
        Assert.Contains("ML-DSA-44, which has neither hash nor padding", message, StringComparison.Ordinal);
        _hsm.Inject("ml_dsa 0");
        message = await FailureAsync(_hsm, Hsm(library: _module) + Authority("pqc", _hsm["pqc.pem"], Unverified));
        Assert.Contains("does not list the mechanism 0x1d", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ml-dsa-44", "CKP_ML_DSA_44")]
    [InlineData("ml-dsa-87", "CKP_ML_DSA_87")]
    public async Task Keygen_asks_the_token_for_the_parameter_set(string type, string asked)
    {
        _hsm.Inject("ml_dsa 65");
        var made = await RunAsync("keygen", "--key", "pkcs11:object=new;id=%05", "--type", type);
        Assert.Equal("pkcs11:token=kipuka;id=%05;object=new\n", made.Output);
        Assert.Equal(1, _hsm.Calls(asked));
    }

    [Fact]
    public async Task A_request_for_an_offline_root_is_made_with_such_a_key()
    {
        _hsm.Inject("ml_dsa 65");
        await RunAsync("csr", "--key", "pkcs11:object=pqc", "--subject", "CN=Issuing CA", "--out", "pqc.csr");
        var shown = await Tool.RunAsync("openssl", ["asn1parse", "-in", _hsm["pqc.csr"]]);
        Assert.Equal(2, shown.Output.Split('\n').Count(line => line.Contains("2.16.840.1.101.3.4.3.18", StringComparison.Ordinal)));
    }

    private async Task MakeCertificateAsync(int set)
    {
        _hsm.Inject($"ml_dsa {set}");
        await RunAsync("selfsign", "--key", "pkcs11:object=pqc", "--subject", "CN=pqc", "--out", "pqc.pem");
    }

    private async Task<Tool.Result> RunAsync(string command, params string[] arguments)
    {
        var result = await _hsm.KipukaAsync(["hsm", command, "--library", _module, "--token", "kipuka", "--pin-env", "KIPUKA_HSM_PIN", .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    // The rule of sign_fake() in tests/native/p11-fault.c.
    private static void AssertSigned(X509Certificate2 certificate, string oid, int length)
    {
        Assert.Equal(oid, certificate.SignatureAlgorithm.Value);
        var whole = new System.Formats.Asn1.AsnReader(certificate.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var state = 0xcbf29ce484222325UL;
        foreach (var value in whole.ReadEncodedValue().Span)
        {
            state = (state ^ value) * 0x100000001b3UL;
        }
        var algorithm = whole.ReadSequence();
        Assert.Equal(oid, algorithm.ReadObjectIdentifier());
        Assert.False(algorithm.HasData); // RFC 9881 section 2: the parameters are absent
        var signature = whole.ReadBitString(out _);
        var expected = new byte[length];
        for (var i = 0; i < length; i++)
        {
            state = unchecked((state * 6364136223846793005UL) + 1442695040888963407UL);
            expected[i] = (byte)(state >> 56);
        }
        Assert.Equal(expected, signature);
    }
}
