using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>Makes drafts as a host's policy would for one issuer.</summary>
internal sealed class Drafts(X509Certificate2 issuer)
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>A draft like any other, for a key of its own.</summary>
    public CertificateDraft Next() => For(SubjectKeys.NewP256());

    public CertificateDraft For(ReadOnlyMemory<byte> key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var begin = Whole(now.AddHours(-1));
        var name = $"tck-{RandomNumberGenerator.GetHexString(12, lowercase: true)}.example";
        return new CertificateDraft
        {
            Transaction = Guid.NewGuid(),
            Profile = "",
            Subject = Names.Plain(name),
            SubjectPublicKeyInfo = key,
            Extensions = Usual(key, name),
            NotBefore = begin < Start ? Start : begin,
            NotAfter = Earlier(begin.AddDays(30)),
            Serial = Serial(),
        };
    }

    /// <summary>Drafts that differ from the usual in what issuers get wrong.</summary>
    public async Task<IReadOnlyList<(string What, CertificateDraft Draft)>> SamplesAsync()
    {
        List<(string, CertificateDraft)> samples = [.. (await SubjectKeys.All).Select(key => (key.Name, For(key.Key)))];
        var plain = Next();
        samples.Add(("a subject with a multi-valued RDN and UTF-8", Next() with { Subject = Names.Manifold() }));
        samples.Add(("an empty subject and a critical subjectAltName", Next() with { Subject = new X500DistinguishedName([0x30, 0x00]), Extensions = Nameless(plain) }));
        samples.Add(("a serial number that begins with a zero byte", Next() with { Serial = Serial(0x00) }));
        samples.Add(("the longest serial number", Next() with { Serial = Serial(0x7F) }));
        samples.Add(("a validity of odd seconds", Next() with { NotBefore = plain.NotBefore.AddSeconds(7), NotAfter = Earlier(plain.NotBefore.AddSeconds(86413)) }));
        samples.Add(("a validity to the issuer's last second", Next() with { NotAfter = End }));
        samples.Add(("many extensions", Next() with { Extensions = [.. Usual(plain.SubjectPublicKeyInfo, "many.example"), .. Rare()] }));
        samples.Add(("extensions in another order", Next() with { Extensions = [.. plain.Extensions.Reverse()] }));
        samples.Add(("few extensions", Next() with { Extensions = [plain.Extensions[0]] }));
        return samples;
    }

    private DateTimeOffset Start => new(issuer.NotBefore.ToUniversalTime());

    private DateTimeOffset End => new(issuer.NotAfter.ToUniversalTime());

    private DateTimeOffset Earlier(DateTimeOffset time) => time < End ? time : End;

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static byte[] Serial(byte? first = null)
    {
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = first ?? (byte)((serial[0] & 0x3F) | 0x40);
        serial[1] |= 0x80;
        return serial;
    }

    private static List<X509Extension> Usual(ReadOnlyMemory<byte> key, string name)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(name);
        alternatives.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        return
        [
            new X509BasicConstraintsExtension(false, false, 0, true),
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true),
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuth), new Oid(ClientAuth)], false),
            alternatives.Build(),
            new X509SubjectKeyIdentifierExtension(SHA256.HashData(key.Span).AsSpan(0, 20), false),
        ];
    }

    private static List<X509Extension> Nameless(CertificateDraft draft)
        => [.. draft.Extensions.Select(extension => extension.Oid!.Value == "2.5.29.17" ? new X509Extension(extension.Oid, extension.RawData, true) : extension)];

    private static IEnumerable<X509Extension> Rare()
    {
        // RFC 7633: must-staple. RFC 5280 section 4.2.1.13: where to find the CRL. The last one belongs to nobody.
        yield return new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05], false);
        yield return CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(["http://crl.example/tck.crl"]);
        var der = new AsnWriter(AsnEncodingRules.DER);
        der.WriteCharacterString(UniversalTagNumber.UTF8String, "žluťoučký");
        yield return new X509Extension("2.25.273474915372041", der.Encode(), false);
    }
}
