using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>An answer of /serverkeygen, taken apart as RFC 2046 section 5.1 says, its key opened by OpenSSL.</summary>
internal sealed class KeyAnswer
{
    private const string SignedData = "1.2.840.113549.1.7.2";

    private KeyAnswer(IReadOnlyList<Part> parts) => Parts = parts;

    public IReadOnlyList<Part> Parts { get; }

    public byte[] Key => Parts[0].Der;

    public X509Certificate2 Certificate
    {
        get
        {
            var message = new SignedCms();
            message.Decode(Parts[1].Der);
            return message.Certificates.Single();
        }
    }

    public static KeyAnswer Of(EstAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        var type = answer.ContentHeaders.ContentType!;
        Assert.Equal("multipart/mixed", type.MediaType);
        var boundary = type.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        var pieces = ("\r\n" + answer.Text).Split($"\r\n--{boundary}");
        Assert.StartsWith("--", pieces[^1], StringComparison.Ordinal);
        return new KeyAnswer([.. pieces[1..^1].Select(Part.Of)]);
    }

    /// <summary>Opens the encrypted key with OpenSSL, checks who signed it, and returns the PKCS#8.</summary>
    /// <param name="server">Whose CA the signer has to chain to.</param>
    /// <param name="keyOptions">What OpenSSL decrypts with.</param>
    public async Task<byte[]> OpenAsync(KipukaServer server, params string[] keyOptions)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder["e.der"], Key);
        await RunAsync(["cms", "-decrypt", "-inform", "DER", "-in", folder["e.der"], "-out", folder["signed"], .. keyOptions]);
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteObjectIdentifier(SignedData);
            using var tagged = info.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            info.WriteEncodedValue(await File.ReadAllBytesAsync(folder["signed"]));
        }
        await File.WriteAllBytesAsync(folder["info"], info.Encode());
        await RunAsync(["cms", "-verify", "-inform", "DER", "-in", folder["info"], "-out", folder["package"], "-CAfile", server.CaFile, "-purpose", "any"]);
        var message = new SignedCms();
        message.Decode(info.Encode());
        Assert.Equal("2.16.840.1.101.2.1.2.78.5", message.ContentInfo.ContentType.Value);
        var package = new AsnReader(await File.ReadAllBytesAsync(folder["package"]), AsnEncodingRules.DER).ReadSequence();
        var key = package.ReadEncodedValue().ToArray();
        package.ThrowIfNotEmpty();
        return key;
    }

    /// <summary>The same with the key of a request.</summary>
    public async Task<byte[]> OpenAsync(KipukaServer server, AsymmetricAlgorithm key)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return await OpenAsync(server, "-inkey", folder["key.pem"]);
    }

    /// <summary>The private key is the certificate's (and a key that OpenSSL takes).</summary>
    public async Task FitsAsync(byte[] pkcs8)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder["key"], pkcs8);
        await RunAsync(["pkey", "-inform", "DER", "-in", folder["key"], "-pubout", "-outform", "DER", "-out", folder["public"]]);
        Assert.Equal(Certificate.PublicKey.ExportSubjectPublicKeyInfo(), await File.ReadAllBytesAsync(folder["public"]));
    }

    private static async Task RunAsync(IEnumerable<string> arguments)
    {
        var result = await Tool.RunAsync("openssl", arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>One part: its headers, and its body out of base64.</summary>
    internal sealed record Part(IReadOnlyDictionary<string, string> Headers, byte[] Der)
    {
        public string Type => Headers["Content-Type"];

        public static Part Of(string text)
        {
            var (head, body) = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var at ? (text[..at], text[(at + 4)..]) : default;
            var headers = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2));
            return new Part(headers.ToDictionary(h => h[0], h => h[1]), Convert.FromBase64String(Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(body))));
        }
    }
}
