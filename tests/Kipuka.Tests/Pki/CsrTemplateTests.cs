using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>RFC 9908: the list of RFC 7030 made exact, and the template.</summary>
public class CsrTemplateTests
{
    private static readonly ExtensionTemplate OpenSan = new(Oids.SubjectAltName);

    private static readonly ExtensionTemplate FixedUsage = new(Oids.KeyUsage, true, KeyUsages.Encode(X509KeyUsageFlags.DigitalSignature));

    [Fact]
    public void The_example_of_section_3_4_reads_and_is_written_to_the_same_bytes()
    {
        var example = Example();
        var template = CsrTemplate.Decode(example);
        Assert.Equal([Oids.CommonName, Oids.OrganizationalUnitName, Oids.OrganizationalUnitName], template.Subject.Select(rdn => rdn.Single().Oid));
        Assert.Equal([null, "myDept", "myGroup"], template.Subject.Select(rdn => rdn.Single().Text));
        Assert.Equal(KeyType.EcdsaP256, template.Key!.Type);
        Assert.Equal([Oids.SubjectAltName, Oids.KeyUsage, Oids.ExtKeyUsage], template.Extensions.Select(extension => extension.Oid));
        Assert.Equal([false, true, false], template.Extensions.Select(extension => extension.Critical));
        Assert.Equal([true, true, false], template.Extensions.Select(extension => extension.Value is not null));
        Assert.Equal(example, template.Encode());
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("rsa-3072")]
    [InlineData("rsa-4096")]
    [InlineData("ecdsa-p256")]
    [InlineData("ecdsa-p521")]
    [InlineData("ml-dsa-65")]
    [InlineData("ed25519")]
    public void Key_bits_stand_in_a_template_only_to_say_the_size_of_an_RSA_key(string name)
    {
        Assert.True(KeyType.TryParse(name, out var type));
        var template = new CsrTemplate([], KeyWish.For(type), []);
        Assert.Equal(type, CsrTemplate.Decode(template.Encode()).Key!.Type);
        Assert.Equal(type, KeyWish.Read(KeyWish.For(type).ToAttribute())!.Type);
        var info = new AsnReader(template.Encode(), AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        var key = info.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        key.ReadSequence();
        Assert.Equal(type.Family == KeyFamily.Rsa, key.HasData);
    }

    [Fact]
    public void A_template_lacks_values_only_under_the_OID_that_allows_it()
    {
        Assert.Contains(Oid(Oids.ExtensionRequestTemplate), Convert.ToHexString(new CsrTemplate([], null, [FixedUsage, OpenSan]).Encode()), StringComparison.Ordinal);
        var full = Convert.ToHexString(new CsrTemplate([], null, [FixedUsage]).Encode());
        Assert.Contains(Oid(Oids.ExtensionRequest), full, StringComparison.Ordinal);
        Assert.DoesNotContain(Oid(Oids.ExtensionRequestTemplate), full, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_templates_are_refused()
    {
        static byte[] Template(int version, params CsrAttribute[] attributes) => Samples.Der(w =>
        {
            using var template = w.PushSequence();
            w.WriteInteger(version);
            using var set = w.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 1));
            foreach (var attribute in attributes)
            {
                using var one = w.PushSequence();
                w.WriteObjectIdentifier(attribute.Oid);
                using var values = w.PushSetOf();
                foreach (var value in attribute.Values!) w.WriteEncodedValue(value.Span);
            }
        });
        ReadOnlyMemory<byte> full = ExtensionTemplate.EncodeList([FixedUsage], false);
        ReadOnlyMemory<byte> open = ExtensionTemplate.EncodeList([OpenSan], true);
        CsrAttribute request = new(Oids.ExtensionRequest, [full]), partial = new(Oids.ExtensionRequestTemplate, [open]);
        Assert.Single(CsrTemplate.Decode(Template(0, request)).Extensions);
        Assert.Contains("version", Samples.Refusal(() => CsrTemplate.Decode(Template(1, request))), StringComparison.Ordinal);
        Assert.Contains("both", Samples.Refusal(() => CsrTemplate.Decode(Template(0, request, partial))), StringComparison.Ordinal);
        Assert.Contains("twice", Samples.Refusal(() => CsrTemplate.Decode(Template(0, partial, partial))), StringComparison.Ordinal);
        Assert.Contains("exactly one value", Samples.Refusal(() => CsrTemplate.Decode(Template(0, partial with { Values = [open, full] }))), StringComparison.Ordinal);
        Assert.Contains("no value", Samples.Refusal(() => CsrTemplate.Decode(Template(0, request with { Values = [open] }))), StringComparison.Ordinal);
        ReadOnlyMemory<byte> twice = ExtensionTemplate.EncodeList([OpenSan, OpenSan], true);
        Assert.Contains("twice", Samples.Refusal(() => CsrTemplate.Decode(Template(0, partial with { Values = [twice] }))), StringComparison.Ordinal);
        var template = new CsrTemplate([], null, [OpenSan]).ToAttribute();
        Assert.Contains("twice", Samples.Refusal(() => CsrTemplate.Find([template, template])!), StringComparison.Ordinal);
    }

    [Fact]
    public void RFC_8951s_example_reads_as_it_says()
    {
        var list = CsrAttributes.Decode(Convert.FromBase64String(
            "MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw=="));
        Assert.Equal([Oids.ChallengePassword, Oids.EcPublicKey, Oids.ExtensionRequest, Oids.EcdsaWithSha384], list.Select(attribute => attribute.Oid));
        Assert.Equal(KeyType.EcdsaP384, KeyWish.Read(list[1])!.Type);
    }

    [Fact]
    public void Nothing_to_say_is_no_body()
    {
        Assert.True(new CsrAdvice().Encode(CsrAdviceForm.Both).IsEmpty);
        Assert.True(new CsrAdvice { Oids = ["1.2.3"] }.Encode(CsrAdviceForm.Template).IsEmpty);
        Assert.False(new CsrAdvice { Oids = [Oids.ChallengePassword] }.Encode(CsrAdviceForm.Template).IsEmpty);
    }

    [Fact]
    public void Any_advice_keeps_the_rules_of_both_forms()
    {
        var keys = Gen.Elements<KeyType?>(null, KeyType.Rsa(2048), KeyType.EcdsaP384, KeyType.MlDsa44);
        var oids = Gen.SubListOf((string[])[Oids.ChallengePassword, Oids.EcPublicKey, Oids.RsaEncryption, Oids.ExtensionRequest, Oids.SubjectAltName, "1.2.3.4"]);
        var subject = Gen.ListOf(Gen.Elements(NameTemplate.Of(Oids.CommonName, null), NameTemplate.Of(Oids.OrganizationName, "Acme")));
        var extensions = Gen.SubListOf((ExtensionTemplate[])[OpenSan, FixedUsage, new(Oids.ExtKeyUsage, false, Eku.Encode([Oids.ClientAuth])), new("1.2.3.9")]);
        var advice = from key in keys
                     from o in oids
                     from s in subject
                     from e in extensions
                     from form in Gen.Elements(CsrAdviceForm.Both, CsrAdviceForm.Attributes, CsrAdviceForm.Template)
                     select (Advice: new CsrAdvice { Key = key, Oids = [.. o], Subject = [.. s.Take(20)], Extensions = [.. e] }, Form: form);
        Prop.ForAll(advice.ToArbitrary(), x => Keeps(x.Advice, x.Form)).QuickCheckThrowOnFailure();
    }

    private static bool Keeps(CsrAdvice advice, CsrAdviceForm form)
    {
        var body = advice.Encode(form);
        if (body.IsEmpty) return form == CsrAdviceForm.Template || advice is { Key: null, Oids: [], Subject: [], Extensions: [] };
        var list = CsrAttributes.Decode(body);
        var template = CsrTemplate.Find(list);
        var requests = list.Where(attribute => attribute.Oid == Oids.ExtensionRequest && attribute.Values is not null).ToList();
        var said = form == CsrAdviceForm.Attributes || template is null
            || (template.Key?.Type == advice.Key && template.Extensions.Select(e => e.Oid).SequenceEqual(advice.Extensions.Select(e => e.Oid))
                && template.Subject.Select(rdn => rdn.Single().Oid).SequenceEqual(advice.Subject.Select(name => name.Oid)));
        var listed = form == CsrAdviceForm.Template
            || ((advice.Key is null || list.Count(attribute => KeyWish.IsKeyAlgorithm(attribute.Oid)) == 1)
                && requests.Count == (advice.Extensions.Count > 0 ? 1 : 0)
                && list.Count(attribute => attribute.Oid == Oids.ExtensionRequest) <= 1);
        if (requests is [var request])
        {
            var read = ExtensionTemplate.DecodeList(request.Values!.Single(), false, "x");
            listed &= read.Select(e => (e.Oid, e.Value is null)).SequenceEqual(advice.Extensions.Select(e => (e.Oid, e.Value is null)));
        }
        return said && listed;
    }

    private static string Oid(string oid) => Convert.ToHexString(Samples.Der(w => w.WriteObjectIdentifier(oid)));

    // Written out here, field by field, from the figure in section 3.4.
    private static byte[] Example() => Samples.Der(w =>
    {
        using var template = w.PushSequence();
        w.WriteInteger(0);
        using (w.PushSequence())
        {
            foreach (var (oid, value) in new[] { (Oids.CommonName, null), (Oids.OrganizationalUnitName, "myDept"), (Oids.OrganizationalUnitName, "myGroup") })
            {
                using var set = w.PushSetOf();
                using var pair = w.PushSequence();
                w.WriteObjectIdentifier(oid);
                if (value is not null) w.WriteCharacterString(UniversalTagNumber.UTF8String, value);
            }
        }
        using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (w.PushSequence())
        {
            w.WriteObjectIdentifier(Oids.EcPublicKey);
            w.WriteObjectIdentifier(Oids.Secp256r1);
        }
        using var attributes = w.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 1));
        using var attribute = w.PushSequence();
        w.WriteObjectIdentifier("1.2.840.113549.1.9.16.2.62");
        using var values = w.PushSetOf();
        using var list = w.PushSequence();
        using (w.PushSequence())
        {
            w.WriteObjectIdentifier("2.5.29.17");
            w.WriteOctetString(Samples.Der(san =>
            {
                using var names = san.PushSequence();
                san.WriteCharacterString(UniversalTagNumber.IA5String, "www.myServer.com", new Asn1Tag(TagClass.ContextSpecific, 2));
                san.WriteOctetString([], new Asn1Tag(TagClass.ContextSpecific, 7));
            }));
        }
        using (w.PushSequence())
        {
            w.WriteObjectIdentifier("2.5.29.15");
            w.WriteBoolean(true);
            w.WriteOctetString([0x03, 0x02, 0x03, 0x88]);
        }
        using (w.PushSequence()) w.WriteObjectIdentifier("2.5.29.37");
    });
}
