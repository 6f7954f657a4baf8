namespace Kipuka.Interop;

/// <summary>Every body that this server sends, carried by curl and read by OpenSSL to its last byte.</summary>
public sealed class OpenSslBodiesTests(OpenSslBodiesTests.Machine machine) : IClassFixture<OpenSslBodiesTests.Machine>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    private KipukaServer Server => machine.Server;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CacertsIsWhatCrl2pkcs7WouldMakeOfItsCertificates()
    {
        await BodyAsync("cacerts");
        await Peer.BashAsync($"""
            cd {_folder.Path}
            openssl pkcs7 -inform DER -in body.der -print_certs -out certificates.pem
            openssl crl2pkcs7 -nocrl -certfile certificates.pem -outform DER -out again.der
            openssl pkcs7 -inform DER -in again.der -print_certs -out again.pem
            cmp certificates.pem again.pem
            openssl cms -cmsout -noout -inform DER -in body.der
            openssl verify -CAfile {Server.CaFile} certificates.pem
            """);
    }

    [Theory]
    [InlineData("attributes/")]
    [InlineData("template/")]
    [InlineData("")]
    public async Task CsrattrsIsDer(string label)
    {
        await BodyAsync($"{label}csrattrs");
        var parsed = await Peer.RunAsync("openssl", "asn1parse", "-inform", "DER", "-in", _folder["body.der"]);
        Assert.Contains("id-ecPublicKey", parsed, StringComparison.Ordinal);
        Assert.Equal(label != "attributes/", parsed.Contains("1.2.840.113549.1.9.16.2.61", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("simpleenroll")]
    [InlineData("simplereenroll")]
    public async Task AnIssuedCertificateIsPkcs7AndCms(string operation)
    {
        await RequestAsync();
        await BodyAsync(operation, [.. operation == "simpleenroll" ? await PasswordAsync() : await CertificateAsync(), "-H", "Content-Type: application/pkcs10", "--data-binary", "@csr.pem"]);
        await Peer.BashAsync($"""
            cd {_folder.Path}
            openssl pkcs7 -inform DER -in body.der -print_certs -out certificate.pem
            openssl cms -cmsout -noout -inform DER -in body.der
            openssl verify -x509_strict -CAfile {Server.CaFile} certificate.pem
            openssl x509 -in certificate.pem -noout -pubkey > issued.pub
            openssl pkey -in key.pem -pubout | cmp - issued.pub
            """);
    }

    [Theory]
    [InlineData("open", "application/pkcs8")]
    [InlineData("sealed", "application/pkcs7-mime; smime-type=server-generated-key")]
    public async Task AMadeKeyAndItsCertificateAreRead(string mode, string type)
    {
        var server = mode == "open" ? Server : machine.Sealed;
        await RequestAsync();
        var text = await CurlAsync(server, "serverkeygen", [.. await PasswordAsync(server), "-H", "Content-Type: application/pkcs10", "--data-binary", "@csr.pem"]);
        var parts = text.Split("\r\n\r\n").Skip(1).Select(part => Convert.FromBase64String(part.Split("\r\n--")[0])).ToList();
        Assert.Equal(2, parts.Count);
        Assert.Contains($"Content-Type: {type}\r\n", text, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_folder["key.der"], parts[0]);
        await File.WriteAllBytesAsync(_folder["certificate.der"], parts[1]);
        await Peer.BashAsync($"""
            cd {_folder.Path}
            openssl asn1parse -inform DER -in key.der > parsed
            openssl pkcs7 -inform DER -in certificate.der -print_certs -out certificate.pem
            openssl verify -CAfile {server.CaFile} certificate.pem
            """);
        if (mode == "open")
        {
            await Peer.BashAsync($"cd {_folder.Path}; openssl pkey -inform DER -in key.der -check -noout; openssl pkey -inform DER -in key.der -pubout > a; openssl x509 -in certificate.pem -noout -pubkey | cmp - a");
            return;
        }
        var printed = await Peer.BashAsync($"cd {_folder.Path}; openssl cms -cmsout -print -inform DER -in key.der; openssl cms -decrypt -inform DER -in key.der -inkey key.pem -out signed.der; openssl asn1parse -inform DER -in signed.der");
        Assert.Contains("d.envelopedData", printed, StringComparison.Ordinal);
        Assert.Contains("1.2.840.113549.1.7.2", printed.Replace("pkcs7-signedData", "1.2.840.113549.1.7.2", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private async Task RequestAsync() => await Peer.BashAsync($"""
        cd {_folder.Path}
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=body -keyout key.pem -out csr.pem 2>/dev/null
        """);

    private async Task<string[]> PasswordAsync(KipukaServer? server = null) => ["-u", $"body:{await (server ?? Server).CreatePasswordAsync("body")}"];

    private async Task<string[]> CertificateAsync()
    {
        using var device = await Server.EnrollDeviceAsync("CN=body");
        await File.WriteAllTextAsync(_folder["device.pem"], device.ExportCertificatePem());
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(device)!;
        await File.WriteAllTextAsync(_folder["device.key"], key.ExportPkcs8PrivateKeyPem());
        return ["--cert", _folder["device.pem"], "--key", _folder["device.key"]];
    }

    private async Task BodyAsync(string path, params string[] options)
        => await File.WriteAllBytesAsync(_folder["body.der"], Convert.FromBase64String(await CurlAsync(Server, path, options)));

    private async Task<string> CurlAsync(KipukaServer server, string path, params string[] options)
    {
        Assert.True(Tool.Exists("curl"), "curl is missing: apt-get install curl");
        var result = await Tool.RunAsync("curl", ["-sS", "--fail", "--cacert", server.CaFile, .. options, $"{server.Url}/{path}"], _folder.Path);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    /// <summary>One server that sends keys in the clear, and one that does not.</summary>
    public sealed class Machine : IAsyncLifetime
    {
        private KipukaServer? _open;
        private KipukaServer? _sealed;

        public KipukaServer Server => _open!;

        public KipukaServer Sealed => _sealed!;

        public async Task InitializeAsync()
        {
            _open = await KipukaServer.StartAsync(new ServerSetup
            {
                More = """
                    [est.serverkeygen]
                    encryption = "on-request"
                    [enrollment]
                    allowed_key_types = ["ecdsa-p256"]
                    [[est.label]]
                    name = "attributes"
                    ca_id = "default"
                    csr_attributes_form = "attributes"
                    [[est.label]]
                    name = "template"
                    ca_id = "default"
                    csr_attributes_form = "template"
                    """,
            });
            _sealed = await KipukaServer.StartAsync(new ServerSetup { More = "[est.serverkeygen]\nencryption = \"required\"\n" });
        }

        public async Task DisposeAsync()
        {
            foreach (var server in new[] { _open, _sealed })
            {
                if (server is not null) await server.DisposeAsync();
            }
        }
    }
}
