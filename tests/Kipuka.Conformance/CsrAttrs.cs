using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>A strict reader of /csrattrs, written from RFC 9908 alone: DER, every rule an assertion.</summary>
internal sealed class CsrAttrs
{
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";
    public const string Template = "1.2.840.113549.1.9.16.2.61";
    public const string ExtensionTemplate = "1.2.840.113549.1.9.16.2.62";
    public const string EcKey = "1.2.840.10045.2.1";
    public const string RsaKey = "1.2.840.113549.1.1.1";

    private CsrAttrs(IReadOnlyList<(string Oid, IReadOnlyList<byte[]>? Values)> elements) => Elements = elements;

    public sealed record Extension(string Oid, bool Critical, byte[]? Value);

    public sealed record CsrTemplate(
        IReadOnlyList<(string Oid, string? Value)>? Subject, string? KeyAlgorithm, string? Curve, int? RsaBits, string? RequestOid, IReadOnlyList<Extension> Extensions);

    public IReadOnlyList<(string Oid, IReadOnlyList<byte[]>? Values)> Elements { get; }

    public IEnumerable<string> Bare => Elements.Where(element => element.Values is null).Select(element => element.Oid);

    public static CsrAttrs Read(EstAnswer answer)
    {
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.ToString());
        Assert.Equal("application/csrattrs", answer.ContentHeaders.ContentType?.MediaType);
        var reader = new AsnReader(Convert.FromBase64String(answer.Text), AsnEncodingRules.DER);
        var list = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        return new CsrAttrs(ReadElements(list, mayBeBare: true));
    }

    /// <summary>Section 3.2: "There MUST be only one such attribute", its set holds exactly one Extensions, no extnID twice.</summary>
    public IReadOnlyList<Extension> Extensions()
    {
        var requests = Elements.Where(element => element.Oid == ExtensionRequest).ToList();
        return requests.Count == 0 ? [] : ReadExtensions(Assert.Single(Assert.Single(requests).Values!), mayLackValue: false);
    }

    /// <summary>Section 3.4.</summary>
    public CsrTemplate? ReadTemplate()
    {
        var found = Elements.Where(element => element.Oid == Template).ToList();
        if (found.Count == 0) return null;
        var whole = new AsnReader(Assert.Single(Assert.Single(found).Values!), AsnEncodingRules.DER);
        var template = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        Assert.Equal(0, template.ReadInteger());
        var subject = template.PeekTag() == Asn1Tag.Sequence ? ReadSubject(template.ReadSequence()) : null;
        var (algorithm, curve, bits) = template.PeekTag() == new Asn1Tag(TagClass.ContextSpecific, 0, true) ? ReadKey(template.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) : default;
        var attributes = ReadElements(template.ReadSetOf(new Asn1Tag(TagClass.ContextSpecific, 1)), mayBeBare: false);
        template.ThrowIfNotEmpty();
        // "MUST NOT contain multiple id-aa-extensionReqTemplate attributes and MUST NOT contain both".
        var requests = attributes.Where(attribute => attribute.Oid is ExtensionRequest or ExtensionTemplate).ToList();
        if (requests.Count == 0) return new CsrTemplate(subject, algorithm, curve, bits, null, []);
        var request = Assert.Single(requests);
        var extensions = ReadExtensions(Assert.Single(request.Values!), mayLackValue: request.Oid == ExtensionTemplate);
        return new CsrTemplate(subject, algorithm, curve, bits, request.Oid, extensions);
    }

    /// <summary>A CSR that does what the advice says: the template where there is one, and the signature that only the old list can name.</summary>
    public byte[] Follow(string fill)
    {
        var template = ReadTemplate();
        using AsymmetricAlgorithm key = template switch
        {
            { KeyAlgorithm: RsaKey } => RSA.Create(template.RsaBits ?? 2048),
            { KeyAlgorithm: EcKey } => ECDsa.Create(ECCurve.CreateFromValue(template.Curve!)),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        var hash = Bare.Contains("1.2.840.10045.4.3.3") || Bare.Contains("1.2.840.113549.1.1.12") ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        var name = Name(template?.Subject ?? [("2.5.4.3", null)], fill);
        var request = key is RSA rsa ? new CertificateRequest(name, rsa, hash, RSASignaturePadding.Pkcs1) : new CertificateRequest(name, (ECDsa)key, hash);
        foreach (var extension in template?.Extensions ?? [])
        {
            request.CertificateExtensions.Add(extension.Value is { } value ? new X509Extension(extension.Oid, value, extension.Critical) : Fill(extension, fill));
        }
        return request.CreateSigningRequest();
    }

    private static X500DistinguishedName Name(IEnumerable<(string Oid, string? Value)> attributes, string fill) => new(
        RawCsr.Sequence([.. attributes.Select(a => RawCsr.Set(RawCsr.Sequence(RawCsr.Oid(a.Oid), RawCsr.Tlv(0x0C, System.Text.Encoding.UTF8.GetBytes(a.Value ?? fill)))))]));

    private static X509Extension Fill(Extension extension, string fill)
    {
        if (extension.Oid == "2.5.29.15") return new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true);
        Assert.Equal(RawCsr.SubjectAltName, extension.Oid);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(fill);
        return names.Build(extension.Critical);
    }

    private static List<(string Oid, IReadOnlyList<byte[]>? Values)> ReadElements(AsnReader list, bool mayBeBare)
    {
        List<(string, IReadOnlyList<byte[]>?)> elements = [];
        while (list.HasData)
        {
            if (mayBeBare && list.PeekTag() == Asn1Tag.ObjectIdentifier)
            {
                elements.Add((list.ReadObjectIdentifier(), null));
                continue;
            }
            var attribute = list.ReadSequence();
            var oid = attribute.ReadObjectIdentifier();
            List<byte[]> values = [];
            for (var set = attribute.ReadSetOf(); set.HasData;) values.Add(set.ReadEncodedValue().ToArray());
            attribute.ThrowIfNotEmpty();
            Assert.NotEmpty(values); // SET SIZE (1..MAX)
            elements.Add((oid, values));
        }
        return elements;
    }

    private static List<(string, string?)> ReadSubject(AsnReader name)
    {
        List<(string, string?)> attributes = [];
        while (name.HasData)
        {
            var rdn = name.ReadSetOf();
            Assert.True(rdn.HasData);
            while (rdn.HasData)
            {
                var pair = rdn.ReadSequence();
                var oid = pair.ReadObjectIdentifier();
                attributes.Add((oid, pair.HasData ? pair.ReadCharacterString(UniversalTagNumber.UTF8String) : null));
                pair.ThrowIfNotEmpty();
            }
        }
        return attributes;
    }

    private static (string Algorithm, string? Curve, int? RsaBits) ReadKey(AsnReader info)
    {
        var identifier = info.ReadSequence();
        var algorithm = identifier.ReadObjectIdentifier();
        var curve = algorithm == EcKey ? identifier.ReadObjectIdentifier() : null;
        if (algorithm == RsaKey) identifier.ReadNull();
        identifier.ThrowIfNotEmpty();
        if (!info.HasData) return (algorithm, curve, null);
        var key = new AsnReader(info.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
        info.ThrowIfNotEmpty();
        return (algorithm, curve, (int)key.ReadInteger().GetBitLength());
    }

    private static List<Extension> ReadExtensions(byte[] der, bool mayLackValue)
    {
        List<Extension> extensions = [];
        for (var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence(); list.HasData;)
        {
            var extension = list.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.HasData && extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean();
            var value = mayLackValue && !extension.HasData ? null : extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            extensions.Add(new Extension(oid, critical, value));
        }
        Assert.NotEmpty(extensions); // SIZE (1..MAX)
        Assert.Equal(extensions.Count, extensions.DistinctBy(extension => extension.Oid).Count());
        return extensions;
    }
}
