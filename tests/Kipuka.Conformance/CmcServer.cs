using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>A server with full CMC, Bouncy Castle as its client, and certificates of everybody who may ask.</summary>
public class CmcServer : EstServer, IAsyncLifetime
{
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string CmcRa = "1.3.6.1.5.5.7.3.28";

    private const string Type = "application/pkcs7-mime; smime-type=CMC-request";

    private readonly Dictionary<string, X509Certificate2> _known = [];
    private int _names;

    /// <summary>Its certificates are accepted for a first enrollment.</summary>
    public TestAuthority Bootstrap { get; } = new("Manufacturer CA");

    /// <summary>Its certificates make registration authorities, where they have the usages for it.</summary>
    public TestAuthority RaAuthority { get; } = new("RA CA");

    public CmcPeer Peer { get; private set; } = null!;

    protected virtual string Cmc => "";

    protected override ServerSetup Setup => new()
    {
        ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"bootstrap.pem\", \"ra.pem\"]\n",
        Files = new Dictionary<string, string> { ["bootstrap.pem"] = Bootstrap.CertificatePem, ["ra.pem"] = RaAuthority.CertificatePem },
        Est = "fullcmc = true",
        More = $"""
            [est.cmc]
            max_message_size = "64KB"
            {Cmc}
            [est.ra]
            trust_anchors = ["ra.pem"]
            [enrollment]
            allowed_key_types = ["ecdsa-p256", "rsa-2048"]
            [[est.label]]
            name = "closed"
            ca_id = "default"
            bootstrap = false
            require_san = false
            [[est.label]]
            name = "manual"
            ca_id = "default"
            approval = "manual"
            require_san = false
            """,
    };

    public new async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Peer = await CmcPeer.StartAsync();
        await AddAsync("ra", RaAuthority.Issue("CN=registration", usages: [ClientAuth, CmcRa]));
        await AddAsync("weak-ra", RaAuthority.Issue("CN=registration", usages: [ClientAuth]));
        await AddAsync("false-ra", Bootstrap.Issue("CN=registration", usages: [ClientAuth, CmcRa]));
        await AddAsync("factory", Bootstrap.Issue("CN=serial-1"));
        using var stranger = new TestAuthority("Stranger CA");
        await AddAsync("stranger", stranger.Issue("CN=stranger"));
    }

    public new async Task DisposeAsync()
    {
        await Peer.DisposeAsync();
        await base.DisposeAsync();
    }

    public X509Certificate2 this[string name] => _known[name];

    /// <summary>Makes a certificate known to the peer, and to this class, under a name.</summary>
    public async Task AddAsync(string name, X509Certificate2 certificate)
    {
        _known[name] = certificate;
        await Peer.LoadAsync(name, certificate);
    }

    /// <summary>A new certificate of ours; its name here is also its common name.</summary>
    public async Task<string> DeviceAsync(string path = "simpleenroll")
    {
        var name = $"cmc-device-{Interlocked.Increment(ref _names)}";
        await AddAsync(name, await Kipuka.EnrollDeviceAsync($"CN={name}", path: path));
        return name;
    }

    /// <summary>A message signed by its sender, sent over TLS as the same.</summary>
    public async Task<(EstAnswer Answer, CmcReply Reply)> AskAsync(string sender, params IEnumerable<string> lines)
        => await SendAsync(await Peer.MakeAsync([.. lines, $"sign {sender}"]), sender);

    /// <summary>Sends a message whose answer must be a CMC response.</summary>
    public async Task<(EstAnswer Answer, CmcReply Reply)> SendAsync(byte[] message, string? tls, string path = "fullcmc", string? password = null)
    {
        var answer = await PostAsync(message, tls, path, password);
        Assert.True(answer.ContentHeaders.ContentType?.ToString() == "application/pkcs7-mime; smime-type=CMC-response", answer.ToString());
        var reply = await Peer.ReadAsync(Convert.FromBase64String(answer.Text));
        Assert.Equal("1.3.6.1.5.5.7.12.3", reply.ContentType);
        Assert.True(Assert.Single(reply.Signers).Holds);
        Assert.Equal("CN=localhost", reply.Signers[0].Certificate.Subject);
        return (answer, reply);
    }

    /// <summary>Sends a message whose answer is what it is.</summary>
    public Task<EstAnswer> PostAsync(byte[] message, string? tls, string path = "fullcmc", string? password = null)
        => Kipuka.SendAsync(HttpMethod.Post, path, Convert.ToBase64String(message), Type, password, tls is null ? null : _known[tls]);

    /// <summary>Refused: nothing is issued, and one part of the message says why.</summary>
    public static void Refused((EstAnswer Answer, CmcReply Reply) got, HttpStatusCode code, int failure, uint part)
    {
        Assert.True(code == got.Answer.Status, $"{got.Answer.Status} {got.Reply}");
        Assert.Equal((2, (int?)failure), (got.Reply.Of(part).Status, got.Reply.Of(part).Failure));
        Assert.True(got.Reply.Of(part).Text.Length > 10);
        Assert.Empty(got.Reply.Issued);
    }

    /// <summary>Done, with so many certificates.</summary>
    public static CmcReply Done((EstAnswer Answer, CmcReply Reply) got, int certificates = 1)
    {
        Assert.True(got.Answer.Status == HttpStatusCode.OK, $"{got.Answer.Status} {got.Reply}");
        Assert.All(got.Reply.Statuses, status => Assert.Equal(0, status.Status));
        Assert.Equal(certificates, got.Reply.Issued.Count);
        return got.Reply;
    }
}
