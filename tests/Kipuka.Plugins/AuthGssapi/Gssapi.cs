using System.Formats.Asn1;
using System.Net;
using System.Text;
using Kipuka.Plugins.AuthGssapi;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.AuthGssapi;

/// <summary>One running instance of auth-gssapi with a keytab of its own. Real tickets are in Kipuka.Interop; here is everything that needs no KDC.</summary>
internal sealed class Gssapi : IAsyncDisposable
{
    public const string Service = "HTTP/est.example.com@EXAMPLE.COM";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kipuka-gssapi-");

    private Gssapi()
    {
        var file = Path.Combine(folder.FullName, "service.keytab");
        File.WriteAllBytes(file, KeytabOf(Service));
        Settings = new GssapiSettings
        {
            Keytab = new SecretFile(file, Secret.Copy(KeytabOf(Service))),
            ServicePrincipal = Service,
            DefaultTemplate = "CN={principal}",
        };
    }

    public FakeHost Host { get; } = new();

    public GssapiSettings Settings { get; }

    public IAuthenticator Authenticator { get; private set; } = null!;

    /// <summary>RFC 4178 section 4.2.1: an offer of Kerberos without its token, which takes a further step.</summary>
    public static byte[] Offer { get; } = WriteOffer();

    public static async Task<Gssapi> StartAsync()
    {
        var gssapi = new Gssapi();
        gssapi.Authenticator = await new GssapiPlugin().StartAsync(gssapi.Settings, gssapi.Host, default);
        return gssapi;
    }

    /// <summary>A keytab with a key for each principal, as MIT writes it, and a hole between them.</summary>
    public static byte[] KeytabOf(params string[] principals)
    {
        using var stream = new MemoryStream();
        stream.Write([5, 2]);
        foreach (var principal in principals)
        {
            var (name, realm) = (principal[..principal.LastIndexOf('@')], principal[(principal.LastIndexOf('@') + 1)..]);
            var parts = name.Split('/');
            using var entry = new MemoryStream();
            entry.Write([0, (byte)parts.Length]);
            foreach (var text in parts.Prepend(realm).Select(Encoding.UTF8.GetBytes))
            {
                entry.Write([(byte)(text.Length >> 8), (byte)text.Length]);
                entry.Write(text);
            }
            // Name type 1, a time, version 2, aes256-cts-hmac-sha1-96 with 32 bytes.
            entry.Write([0, 0, 0, 1, 0x66, 0, 0, 0, 2, 0, 18, 0, 32]);
            entry.Write(new byte[32]);
            stream.Write([0, 0, 0, checked((byte)entry.Length)]);
            stream.Write(entry.ToArray());
            stream.Write([0xff, 0xff, 0xff, 0xfd, 1, 2, 3]);
        }
        return stream.ToArray();
    }

    public ValueTask<AuthenticationResult> SendAsync(ReadOnlySpan<byte> token, long connection = 1) => SendTextAsync(Convert.ToBase64String(token), connection);

    public async ValueTask<AuthenticationResult> SendTextAsync(string value, long connection = 1, string scheme = "Negotiate")
    {
        using var secret = Secret.FromText(value);
        var peer = new Peer(new IPEndPoint(IPAddress.Loopback, 1), []) { Connection = connection, Credential = new Credential(scheme, secret) };
        return await Authenticator.AuthenticateAsync(new AuthenticationRequest(EstOperation.SimpleEnroll, null, peer), default);
    }

    public async ValueTask DisposeAsync()
    {
        await (Authenticator?.DisposeAsync() ?? ValueTask.CompletedTask);
        Settings.Keytab!.Content.Dispose();
        Host.Dispose();
        folder.Delete(recursive: true);
    }

    private static byte[] WriteOffer()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(new Asn1Tag(TagClass.Application, 0)))
        {
            writer.WriteObjectIdentifier("1.3.6.1.5.5.2");
            using var choice = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            using var fields = writer.PushSequence();
            using var mechanisms = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            using var list = writer.PushSequence();
            writer.WriteObjectIdentifier("1.2.840.113554.1.2.2");
        }
        return writer.Encode();
    }
}
