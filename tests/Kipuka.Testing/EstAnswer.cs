using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record EstAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>The certificates of a certs-only answer, as sent.</summary>
    public X509Certificate2Collection Certificates
    {
        get
        {
            var message = new SignedCms();
            message.Decode(Convert.FromBase64String(Text));
            return message.Certificates;
        }
    }

    /// <summary>The issued certificate.</summary>
    public X509Certificate2 Certificate => Certificates.Single();

    public override string ToString() => $"{(int)Status} {Text}";
}
