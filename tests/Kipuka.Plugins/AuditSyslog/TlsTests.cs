using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>RFC 5425. Every refusal has its twin: <see cref="A_server_that_the_anchors_vouch_for_gets_records"/>.</summary>
public sealed class TlsTests : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    // Certificates live by the real time, which the platform's own server side goes by.
    private readonly FakeHost host = new(new ManualClock(TimeProvider.System.GetUtcNow()));
    private readonly X509Certificate2 root = Root("CN=Log CA");

    public void Dispose()
    {
        root.Dispose();
        host.Dispose();
    }

    [Theory]
    [InlineData("localhost", SslProtocols.Tls13)]
    [InlineData("localhost", SslProtocols.Tls12)]
    [InlineData("127.0.0.1", SslProtocols.Tls13)]
    public async Task A_server_that_the_anchors_vouch_for_gets_records(string name, SslProtocols protocol)
    {
        await using var server = new LogServer(tls: Server(Issue(root, "CN=log", name), protocol));
        await using var sink = await StartAsync(server, name);
        await sink.WriteAsync(Records.Numbers(1, 300), default);
        await server.ArriveAsync(300);
        Assert.Equal(Enumerable.Range(1, 300).Select(number => (long)number), server.Sequences);
    }

    // Section 4.2.1: the certificate is verified up to a configured anchor.
    [Fact]
    public Task A_server_of_another_CA_is_refused() => AssertRefusedAsync(Issue(Root("CN=Log CA"), "CN=log", "localhost"), "CN=log is not trusted");

    // Section 5.2: the name is compared.
    [Fact]
    public Task A_server_of_another_name_is_refused()
        => AssertRefusedAsync(Issue(root, "CN=log", "other.example.com"), "CN=log is not for localhost (RFC 5425 section 5.2)");

    // RFC 6125 section 6.4.4: the common name counts for nothing beside a dNSName.
    [Fact]
    public Task A_common_name_is_no_name() => AssertRefusedAsync(Issue(root, "CN=localhost", "other.example.com"), "is not for localhost");

    [Fact]
    public Task An_expired_certificate_is_refused()
    {
        host.Time.Advance(TimeSpan.FromDays(20));
        return AssertRefusedAsync(Issue(root, "CN=log", "localhost"), "CN=log is not trusted");
    }

    [Fact]
    public Task A_certificate_for_clients_is_refused() => AssertRefusedAsync(Issue(root, "CN=log", "localhost", ClientUsage), "CN=log is not trusted");

    [Fact]
    public async Task Without_anchors_the_systems_decide_and_ours_is_not_among_them()
    {
        await using var server = new LogServer(tls: Server(Issue(root, "CN=log", "localhost")));
        await using var sink = await StartAsync(server, "localhost", settings => settings with { TrustAnchors = null });
        Assert.Contains("is not trusted", (await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(1, 1), default).AsTask())).Message, StringComparison.Ordinal);
    }

    // A server that speaks no TLS gets no record in the clear.
    [Fact]
    public async Task A_server_without_TLS_gets_nothing()
    {
        await using var server = new LogServer();
        await using var sink = await StartAsync(server, "localhost", settings => settings with { Timeout = TimeSpan.FromSeconds(2) });
        await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        Assert.Empty(server.Messages);
    }

    // In TLS 1.3 the client learns of a refusal only after its handshake: nothing may be sent before that.
    [Theory]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12)]
    public async Task A_server_that_asks_for_a_client_certificate_gets_records_with_it_and_none_without(SslProtocols protocol)
    {
        var options = Server(Issue(root, "CN=log", "localhost"), protocol);
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is { Subject: "CN=kipuka" };
        await using var server = new LogServer(tls: options);
        await using (var bare = await StartAsync(server, "localhost"))
        {
            await Assert.ThrowsAsync<IOException>(() => bare.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        }
        Assert.Empty(server.Messages);

        using var client = Issue(root, "CN=kipuka", "kipuka", ClientUsage);
        await using var sink = await StartAsync(server, "localhost", settings => settings with
        {
            Cert = new SettingsFile("client.pem", Encoding.ASCII.GetBytes(client.ExportCertificatePem())),
            Key = new SecretFile("client-key.pem", Secret.FromText(client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())),
        });
        await sink.WriteAsync(Records.Numbers(1, 1), default);
        await server.ArriveAsync(1);
        Assert.Single(server.Messages);
    }

    private async Task AssertRefusedAsync(X509Certificate2 certificate, string reason)
    {
        await using var server = new LogServer(tls: Server(certificate));
        await using var sink = await StartAsync(server, "localhost");
        var fault = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    private async Task<Sdk.Audit.IAuditSink> StartAsync(LogServer server, string name, Func<AuditSyslogSettings, AuditSyslogSettings>? change = null)
    {
        var settings = new AuditSyslogSettings
        {
            Url = $"tcp+tls://{name}:{server.Port}",
            TrustAnchors = [new SettingsFile("root.pem", Encoding.ASCII.GetBytes(root.ExportCertificatePem()))],
        };
        settings = change?.Invoke(settings) ?? settings;
        Assert.Empty(new AuditSyslogPlugin().Check(settings));
        return await new AuditSyslogPlugin().StartAsync(settings, host, default);
    }

    private static SslServerAuthenticationOptions Server(X509Certificate2 certificate, SslProtocols protocol = SslProtocols.None)
        => new() { ServerCertificate = certificate, EnabledSslProtocols = protocol };

    internal static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    internal static X509Certificate2 Issue(X509Certificate2 issuer, string subject, string name, string usage = ServerUsage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(10), RandomNumberGenerator.GetBytes(8));
        using var joined = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
    }
}
