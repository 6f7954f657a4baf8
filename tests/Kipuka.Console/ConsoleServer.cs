using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Console;

/// <summary>One server with something to look at, and one browser, for all tests.</summary>
public sealed class ConsoleServer : IAsyncLifetime
{
    public const string Name = "console";
    public const string Markup = "<img src=x onerror=alert(1)><b>bold";

    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private Chromium? _chromium;

    public KipukaServer Kipuka { get; private set; } = null!;

    public TestAuthority Operators { get; } = new("Operators CA");

    public string Origin => $"https://127.0.0.1:{Kipuka.AdminPort}";

    public async Task InitializeAsync()
    {
        _chromium = await Chromium.StartAsync();
        if (_chromium is null)
        {
            return;
        }
        using var backup = new TestAuthority("Backup CA");
        Kipuka = await KipukaServer.StartAsync(new ServerSetup
        {
            Files = new Dictionary<string, string>
            {
                ["operators.pem"] = Operators.CertificatePem, ["backup.pem"] = backup.CertificatePem, ["backup-key.pem"] = backup.KeyPem,
            },
            More = """
                [[ca]]
                id = "backup"
                name = "Backup CA"
                cert = "backup.pem"
                key = "backup-key.pem"
                [[est.label]]
                name = "iot"
                ca_id = "default"
                allowed_key_types = ["ecdsa-p256", "ecdsa-p384"]
                required_ext_key_usage = ["clientAuth"]
                max_validity_days = 90
                subject_pattern = "^CN=sensor-[0-9]+$"
                require_san = false
                revoke_previous = "after:7d"
                [[est.label]]
                name = "watched"
                ca_id = "default"
                approval = "manual"
                require_san = false
                [ha]
                [[ha.group]]
                name = "main"
                ca_ids = ["default", "backup"]
                [admin.client_auth]
                mode = "optional"
                trust_anchors = ["operators.pem"]
                """,
        });
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        Operators.Dispose();
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
            await Kipuka.DisposeAsync();
        }
    }

    /// <summary>A browser window of its own; null where there is no browser.</summary>
    public async Task<Visit?> VisitAsync(X509Certificate2? certificate = null, ColorScheme scheme = ColorScheme.Light, int width = 1280, string? origin = null)
        => _chromium is null ? null : await Visit.OpenAsync(_chromium.Browser, origin ?? Origin, certificate, scheme, width);

    /// <summary>The same, signed in with the token.</summary>
    public async Task<Visit?> SignedInAsync(string page = "overview", ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        if (await VisitAsync(null, scheme, width) is not { } visit)
        {
            return null;
        }
        await visit.SignInAsync(Kipuka.AdminToken, page);
        return visit;
    }

    /// <summary>A certificate of an operator, or of a CA that no operator has.</summary>
    public X509Certificate2 Operator(string name = "CN=alice", TestAuthority? issuer = null) => (issuer ?? Operators).Issue(name, usages: [ClientAuth]);

    /// <summary>Asks the label that an operator watches; the CSR is the request's, to ask again.</summary>
    public async Task<(Csr Csr, string Password)> AskAsync(string subject, params string[] names)
    {
        var csr = new Csr(subject, names.Length > 0 ? names : null);
        var password = await Kipuka.CreatePasswordAsync(subject[3..]);
        var answer = await Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll");
        return answer.Status == HttpStatusCode.Accepted ? (csr, password) : throw new InvalidOperationException(answer.ToString());
    }

    private async Task FillAsync()
    {
        for (var i = 1; i <= 30; i++)
        {
            (await Kipuka.EnrollDeviceAsync($"CN=sensor-{i:000}", path: "iot/simpleenroll")).Dispose();
        }
        (await Kipuka.EnrollDeviceAsync("CN=printer.office.example,O=Example Works", ["printer.office.example", "10.1.2.3"])).Dispose();
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var request = new CertificateRequest(MarkupName(), key, HashAlgorithmName.SHA256);
            var answer = await Kipuka.SendAsync(
                HttpMethod.Post, "simpleenroll", Convert.ToBase64String(request.CreateSigningRequest()), "application/pkcs10", await Kipuka.CreatePasswordAsync(Markup));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
        for (var i = 0; i < 3; i++)
        {
            using var refused = new Csr("CN=toaster");
            Assert.Equal(HttpStatusCode.BadRequest, (await Kipuka.EnrollAsync(refused, await Kipuka.CreatePasswordAsync("toaster"), path: "iot/simpleenroll")).Status);
        }
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await Kipuka.SendAsync(HttpMethod.Post, "simpleenroll", "AAAA", "application/pkcs10", await Kipuka.CreatePasswordAsync("broken"))).Status);
        (await AskAsync("CN=gateway-7", "gateway-7.plant.example", "gateway.plant.example")).Csr.Dispose();
    }

    private static X500DistinguishedName MarkupName()
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(Markup);
        return name.Build();
    }
}

[CollectionDefinition(ConsoleServer.Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleServer>;
