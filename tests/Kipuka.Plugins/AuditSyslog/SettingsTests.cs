using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.AuditSyslog;

public sealed class SettingsTests
{
    private readonly AuditSyslogPlugin plugin = new();

    [Theory]
    [InlineData("udp://host:1514", "udp://host:1514")]
    [InlineData("udp://host", "udp://host:514")] // RFC 5426 section 3.3
    [InlineData("tcp://host:601", "tcp://host:601")]
    [InlineData("tcp+tls://syslog.example.com:6514", "tcp+tls://syslog.example.com:6514")]
    [InlineData("TCP+TLS://host/", "tcp+tls://host:6514")] // RFC 5425 section 4.1
    [InlineData("tcp+tls://[2001:db8::1]", "tcp+tls://[2001:db8::1]:6514")]
    public void The_URLs_of_the_book_are_read(string url, string server)
    {
        Assert.Equal(server, SyslogServer.Parse(url).Server?.ToString());
        Assert.Empty(plugin.Check(new AuditSyslogSettings { Syslog = url }));
    }

    [Theory]
    [InlineData("tls://host:6514", "did you mean tcp+tls://host:6514?")]
    [InlineData("syslogs://host", "did you mean tcp+tls://host:6514?")]
    [InlineData("upd://host", "did you mean udp://host:514?")]
    [InlineData("tpc://host:601", "did you mean tcp://host:601?")]
    [InlineData("http://host", "did you mean tcp://host:80?")]
    [InlineData("host:6514", "such as tcp+tls://host:6514")]
    [InlineData("tcp://host", "RFC 6587 names none for TCP; write the one your server listens at, such as tcp://host:514")]
    [InlineData("tcp://host:0", "is no URL")]
    [InlineData("tcp://host:65536", "is no URL")]
    [InlineData("udp://:514", "is no URL")]
    [InlineData("udp://host:514/path", "write udp://host:514")]
    [InlineData("udp://user@host:514", "write udp://host:514")]
    [InlineData("udp://host:514?q", "write udp://host:514")]
    [InlineData("", "has no scheme")]
    public void A_URL_that_is_none_is_answered_with_the_nearest_that_is(string url, string help)
    {
        var problem = Assert.Single(plugin.Check(new AuditSyslogSettings { Syslog = url }));
        Assert.Equal("audit.syslog", problem.Key);
        Assert.Contains(help, problem.Message, StringComparison.Ordinal);
        Assert.Equal("audit.syslog.url", Assert.Single(plugin.Check(new AuditSyslogSettings { Url = url })).Key);
    }

    [Fact]
    public void A_facility_without_a_server_is_told()
        => Assert.Contains("names no server", Assert.Single(plugin.Check(new AuditSyslogSettings())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("kipuka@32473", true)]
    [InlineData("a@1.2.3", true)]
    [InlineData("kipuka", false)] // a name without a number is IANA's
    [InlineData("kipuka@", false)]
    [InlineData("kipuka@32473x", false)]
    [InlineData("k=puka@32473", false)]
    [InlineData("k@puka@32473", false)]
    [InlineData("kipuka@32473\n", false)]
    [InlineData("kipukakipukakipukakipukakip@32473", false)] // 33 characters
    public void RFC5424_6_3_2_the_structured_data_has_a_private_name(string id, bool isOne)
        => Assert.Equal(isOne ? [] : ["audit.syslog.sd_id"], Check(settings => settings with { SdId = id }));

    [Theory]
    [InlineData("kipuka", true)]
    [InlineData("ki puka", false)]
    [InlineData("küche", false)]
    public void RFC5424_6_names_in_the_header_are_printable_ASCII(string name, bool isOne)
    {
        Assert.Equal(isOne ? [] : ["audit.syslog.hostname"], Check(settings => settings with { Hostname = name }));
        Assert.Equal(isOne ? [] : ["audit.syslog.app_name"], Check(settings => settings with { AppName = name }));
    }

    [Fact]
    public void What_has_no_effect_is_refused()
    {
        Assert.Equal(["audit.syslog.framing"], Check(settings => settings with { Framing = Framing.Newline }));
        Assert.Equal([], Check(settings => settings with { Framing = Framing.Newline, Url = "tcp://host:514" }));
        var anchors = new[] { File(Root("CN=Root").ExportCertificatePem()) };
        Assert.Equal(["audit.syslog.trust_anchors"], Check(settings => settings with { TrustAnchors = anchors, Url = "tcp://host:514" }));
        Assert.Equal([], Check(settings => settings with { TrustAnchors = anchors }));
        var large = new ByteSize(65_508);
        Assert.Equal(["audit.syslog.max_message_size"], Check(settings => settings with { MaxMessageSize = large, Url = "udp://host" }));
        Assert.Equal([], Check(settings => settings with { MaxMessageSize = large }));
    }

    [Fact]
    public void Files_are_read_before_the_start()
    {
        using var root = Root("CN=Root");
        using var other = Root("CN=Other");
        var cert = File(root.ExportCertificatePem());
        Assert.Equal([], Check(settings => settings with { Cert = cert, Key = Key(root) }));
        Assert.Equal(["audit.syslog.cert"], Check(settings => settings with { Cert = cert }));
        Assert.Equal(["audit.syslog.key"], Check(settings => settings with { Key = Key(root) }));
        Assert.Equal(["audit.syslog.cert"], Check(settings => settings with { Cert = cert, Key = Key(other) }));
        Assert.Equal(["audit.syslog.cert"], Check(settings => settings with { Cert = File("no certificate"), Key = Key(root) }));
        Assert.Equal([], Check(settings => settings with { TrustAnchors = [cert] }));
        Assert.Equal(["audit.syslog.trust_anchors"], Check(settings => settings with { TrustAnchors = [cert, File("nothing")] }));
    }

    // The platform ends a chain in a root only: with an intermediate alone no server would be trusted, and nobody would know why.
    [Fact]
    public void An_anchor_that_another_CA_issued_is_refused_by_name()
    {
        using var root = Root("CN=Root");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Inner", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var inner = request.Create(root, root.NotBefore, root.NotAfter, [1]);
        var settings = new AuditSyslogSettings { Url = "tcp+tls://host", TrustAnchors = [File(inner.ExportCertificatePem())] };
        Assert.Contains("CN=Inner, which CN=Root has issued", Assert.Single(plugin.Check(settings)).Message, StringComparison.Ordinal);
    }

    private IEnumerable<string?> Check(Func<AuditSyslogSettings, AuditSyslogSettings> change)
        => plugin.Check(change(new AuditSyslogSettings { Url = "tcp+tls://host:6514" })).Select(problem => problem.Key);

    private static SettingsFile File(string pem) => new("/etc/kipuka/file.pem", Encoding.ASCII.GetBytes(pem));

    private static SecretFile Key(X509Certificate2 certificate)
        => new("/etc/kipuka/key.pem", Secret.FromText(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}
