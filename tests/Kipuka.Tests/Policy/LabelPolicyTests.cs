using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Tests.Pki;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

public class LabelPolicyTests
{
    [Fact]
    public void A_draft_is_built_from_nothing_and_carries_what_RFC_5280_wants()
    {
        var draft = Granted(Approve(Request(dns: ["device-1.example.com"])));
        Assert.Equal(["2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.17", "2.5.29.37"], draft.Extensions.Select(extension => extension.Oid!.Value));
        Assert.Equal([false, true, true, false, false], draft.Extensions.Select(extension => extension.Critical));
        Assert.Equal(20, draft.Serial.Length);
    }

    [Fact]
    public void Subjects_are_encoded_as_UTF8String_whatever_the_request_used()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.Add("2.5.4.3", "device-1", System.Formats.Asn1.UniversalTagNumber.PrintableString);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificationRequest.Parse(new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256).CreateSigningRequest());
        Assert.Contains((byte)0x0C, Granted(Approve(request)).Subject.RawData);
        Assert.Contains((byte)0x13, request.Subject.Raw.ToArray());
    }

    [Fact]
    public void An_alternative_name_is_critical_when_the_subject_is_empty_RFC_5280_4_2_1_6()
        => Assert.True(Granted(Approve(Request("", ["a.example.com"]))).Extensions.Single(extension => extension.Oid!.Value == Oids.SubjectAltName).Critical);

    [Fact]
    public void Neither_subject_nor_alternative_name_is_refused() => Assert.Equal("no-name", Code(Approve(Request(""))));

    [Fact]
    public void Requests_for_CA_certificates_are_refused_never_trimmed_ruling_41()
    {
        Assert.Equal("ca-requested", Code(Approve(Request(change: r => r.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true))))));
        Assert.Equal("ca-requested", Code(Approve(Request(change: r => r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true))))));
        Granted(Approve(Request(change: r => r.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true)))));
    }

    [Fact]
    public void The_order_is_key_SAN_subject_validity_then_identity()
    {
        var rsa = Samples.Rsa;
        var label = Label(l => l with { AllowedKeyTypes = ["ecdsa-p256"], RequireSan = true, SubjectPattern = "^CN=only$", LinkIdentity = true });
        Assert.Equal("key-type", Code(Approve(Request("CN=x", key: rsa), label)));
        Assert.Equal("san-required", Code(Approve(Request("CN=x"), label)));
        Assert.Equal("subject-pattern", Code(Approve(Request("CN=x", ["x.example.com"]), label)));
        Assert.Equal("identity-link", Code(Approve(Request("CN=only", ["x.example.com"]), label)));
    }

    [Fact]
    public void RSA_below_2048_bits_is_refused_whatever_the_label_says_ruling_40()
    {
        using var small = RSA.Create(1024);
        var fine = Samples.Rsa;
        Assert.Equal("key-size", Code(Approve(Request(key: small))));
        Granted(Approve(Request(key: fine)));
    }

    [Fact]
    public void A_label_demands_a_SAN_unless_it_says_otherwise_and_the_unlabelled_path_does_not_ruling_19()
    {
        Assert.Equal("san-required", Code(Approve(Request(), Label(l => l with { RequireSan = null }))));
        Granted(Approve(Request(), Label(l => l with { RequireSan = null }), defaults: new EnrollmentConfig { RequireSan = false }));
        Granted(Approve(Request()));
        Assert.Equal("san-required", Code(Approve(Request(), defaults: new EnrollmentConfig { RequireSan = true })));
    }

    [Theory]
    [InlineData("*.example.com", "san-wildcard")]
    [InlineData("bad_name!.example.com", "san-syntax")]
    public void Alternative_names_must_be_valid_and_wildcards_allowed(string name, string code)
        => Assert.Equal(code, Code(Approve(Request(dns: [name]))));

    [Fact]
    public void A_wildcard_passes_where_the_label_allows_it()
        => Granted(Approve(Request(dns: ["*.example.com"]), Label(l => l with { AllowWildcards = true })));

    [Fact]
    public void The_CAs_allowed_subjects_are_globs_over_the_whole_text()
    {
        var limits = CaLimits with { AllowedSubjects = ["CN=device-?", "O=Fleet,*"] };
        Granted(Approve(Request("CN=device-1"), limits: limits));
        Assert.Equal("allowed-subjects", Code(Approve(Request("CN=device-12"), limits: limits)));
    }

    [Fact]
    public void What_is_dropped_is_noted_never_silent()
    {
        var notes = Notes(Approve(Request(change: r =>
        {
            r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Oids.CodeSigning), new Oid(Oids.ServerAuth)], false));
            r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.DataEncipherment, true));
            r.CertificateExtensions.Add(new X509Extension("1.2.3.4", [0x05, 0x00], false));
        })));
        Assert.Equal("codeSigning", notes["dropped_eku"]);
        Assert.Equal("dataEncipherment", notes["dropped_key_usage"]);
        Assert.Equal("1.2.3.4", notes["dropped_extensions"]);
    }
}
