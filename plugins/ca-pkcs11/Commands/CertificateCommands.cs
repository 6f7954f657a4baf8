using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary><c>kipuka hsm csr</c> and <c>kipuka hsm selfsign</c>.</summary>
internal static class CertificateCommands
{
    private const int UsualDays = 3650;
    private const int MostDays = 36500;

    // Another machine's clock may be a little behind this one's.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public static void Run(Module module, ITokenSettings settings, PluginCommandCall call)
    {
        var uri = HsmCommands.Key(call);
        var subject = Subject(HsmCommands.Needed(call, "subject"));
        var file = Path.GetFullPath(HsmCommands.Needed(call, "out"), call.Folder);
        var days = Days(call.Options.GetValueOrDefault("days"));
        if (File.Exists(file))
        {
            throw new ArgumentException($"{file} is there already; name another file, or remove it");
        }
        var (token, key) = (TokenQuery.Of(settings, uri), KeyQuery.Of(uri, null, null));
        var publicKey = ReadPublicKey(module, settings, token, key);
        var generator = new HsmSignatureGenerator(publicKey, mechanism => new KeyOpener(module, token, key, new PinSource(settings), mechanism).Open());
        var request = new CertificateRequest(subject, generator.PublicKey, generator.UsualHash, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var pem = call.Command == "hsm csr"
            ? PemEncoding.WriteString("CERTIFICATE REQUEST", request.CreateSigningRequest(generator))
            : SelfSign(request, generator, call.Clock, days);
        // Never over another file, also one that has come since.
        using (var made = new StreamWriter(new FileStream(file, FileMode.CreateNew, FileAccess.Write)))
        {
            made.WriteLine(pem);
        }
        call.Output.WriteLine($"{file}: {subject.Format(false)}, signed by {token.Find(module)}");
    }

    private static string SelfSign(CertificateRequest request, HsmSignatureGenerator generator, TimeProvider clock, int days)
    {
        // 158 random bits: positive, and always 20 bytes long (RFC 5280 section 4.1.2.2).
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        var start = clock.GetUtcNow() - ClockSkew;
        using var certificate = request.Create(request.SubjectName, generator, start, start.AddDays(days), serial);
        return certificate.ExportCertificatePem();
    }

    private static PublicKey ReadPublicKey(Module module, ITokenSettings settings, TokenQuery token, KeyQuery key)
    {
        using var session = HsmCommands.Open(module, token.Find(module), settings, readWrite: false);
        return PublicKeys.Of(session, key.Find(session));
    }

    // In the order written: CN=x,O=y, or /CN=x/O=y as openssl takes it.
    private static X500DistinguishedName Subject(string text)
    {
        try
        {
            return text.StartsWith('/')
                ? new X500DistinguishedName(text[1..].Replace('/', '\n'), X500DistinguishedNameFlags.UseNewLines)
                : new X500DistinguishedName(text, X500DistinguishedNameFlags.None);
        }
        catch (CryptographicException)
        {
            throw new ArgumentException($"--subject \"{text}\" is no name; write CN=Root CA,O=Example, with quotation marks around a value that has a comma");
        }
    }

    private static int Days(string? text)
        => text is null ? UsualDays
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= MostDays ? days
            : throw new ArgumentException($"--days {text} is no number from 1 to {MostDays}");
}
