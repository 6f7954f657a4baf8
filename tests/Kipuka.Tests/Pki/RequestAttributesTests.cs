using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using static Kipuka.Tests.Pki.CertificationRequestTests;

namespace Kipuka.Tests.Pki;

public class RequestAttributesTests
{
    private static readonly GeneralNames Names = new(GeneralName.Dns("new.example.com"));

    [Fact]
    public void Attribute_type_occurs_once() // X.501 9.3
    {
        var twice = (Oids.ChallengePassword, (byte[][])[Samples.Utf8("a")]);
        Assert.Equal($"the CSR attribute {Oids.ChallengePassword} occurs twice", Refusal(Samples.Csr(twice, twice)));
    }

    [Fact]
    public void Challenge_password_has_one_value_of_1_to_255_characters() // RFC 2985 5.4.1
    {
        Assert.Equal("the challengePassword must have exactly one value",
            Refusal(Samples.Csr((Oids.ChallengePassword, [Samples.Utf8("a"), Samples.Utf8("b")]))));
        Assert.Equal(255, CertificationRequest.Parse(Password(new string('é', 255))).ChallengePassword!.Length);
        Assert.Equal("the challengePassword is empty or longer than 255 characters", Refusal(Password("")));
        Assert.Equal("the challengePassword is empty or longer than 255 characters", Refusal(Password(new string('x', 256))));
        Assert.Equal("the challengePassword is not a string", Refusal(Samples.Csr((Oids.ChallengePassword, [[0x02, 0x01, 0x05]]))));

        static byte[] Password(string text) => Samples.Csr((Oids.ChallengePassword, [Samples.Utf8(text)]));
    }

    [Fact]
    public void Identity_linking_and_otp_challenge_are_read() // RFC 7894 3
    {
        var csr = CertificationRequest.Parse(Samples.Csr(
            (Oids.EstIdentityLinking, [Samples.Utf8("link")]), (Oids.OtpChallenge, [Samples.Utf8("otp")])));
        Assert.Equal(("link", "otp", null), (csr.EstIdentityLinking, csr.OtpChallenge, csr.ChallengePassword));
    }

    [Fact]
    public void Key_identifiers_for_server_generated_keys_are_read() // RFC 7030 4.4.1
    {
        var csr = CertificationRequest.Parse(Samples.Csr(
            (Oids.DecryptKeyIdentifier, [[0x04, 0x02, 0xAB, 0xCD]]), (Oids.AsymmetricDecryptKeyIdentifier, [[0x04, 0x01, 0xEF]])));
        Assert.Equal([0xAB, 0xCD], csr.DecryptKeyIdentifier!.Value.ToArray());
        Assert.Equal([0xEF], csr.AsymmetricDecryptKeyIdentifier!.Value.ToArray());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void ChangeSubjectName_names_a_subject_or_alternative_names_or_both(bool subject, bool names) // RFC 6402 2.8
    {
        var change = CertificationRequest.Parse(Samples.Csr((Oids.ChangeSubjectName, [Change(subject, names)]))).ChangeSubjectName!;
        Assert.Equal(subject ? "CN=new" : null, change.Subject?.Text);
        Assert.Equal(names ? "DNS:new.example.com" : null, change.SubjectAltName?.Text);
    }

    [Fact]
    public void Empty_ChangeSubjectName_is_refused() =>
        Assert.Equal("the ChangeSubjectName attribute is empty", Refusal(Samples.Csr((Oids.ChangeSubjectName, [Change(false, false)]))));

    [Theory]
    [InlineData("Seconds", "90", 90)]
    [InlineData("Hours", "36", 36 * 3600)]
    [InlineData("days", "7", 7 * 86400)]
    [InlineData("Weeks", "2", 14 * 86400)]
    [InlineData("Months", "3", 90 * 86400)]
    [InlineData("Years", "1", 365 * 86400)]
    public void Requested_validity_is_read_from_name_value_pairs(string unit, string count, int seconds) // MS-WCCE 2.2.2.7.10
    {
        var period = Pair("ValidityPeriod", unit);
        var units = Pair("ValidityPeriodUnits", count);
        var template = Pair("CertificateTemplate", "User");
        var together = Samples.Csr((Oids.EnrollmentNameValuePair, [template, period, units]));
        var apart = Samples.Csr((Oids.EnrollmentNameValuePair, [period]), (Oids.EnrollmentNameValuePair, [units]));
        Assert.Equal(TimeSpan.FromSeconds(seconds), CertificationRequest.Parse(together).RequestedValidity);
        Assert.Equal(TimeSpan.FromSeconds(seconds), CertificationRequest.Parse(apart).RequestedValidity);
    }

    [Theory]
    [InlineData("Years", "101")]
    [InlineData("Seconds", "0")]
    [InlineData("Days", "-1")]
    [InlineData("Days", "99999999999999999999")]
    [InlineData("Fortnights", "1")]
    public void Validity_out_of_range_is_refused(string unit, string count) =>
        Assert.StartsWith("the requested Validity",
            Refusal(Samples.Csr((Oids.EnrollmentNameValuePair, [Pair("ValidityPeriod", unit), Pair("ValidityPeriodUnits", count)]))));

    [Fact]
    public void Validity_with_a_unit_and_no_count_is_refused() => Assert.Equal(
        "the requested validity has only one of ValidityPeriod and ValidityPeriodUnits",
        Refusal(Samples.Csr((Oids.EnrollmentNameValuePair, [Pair("ValidityPeriod", "Days")]))));

    [Fact]
    public void Microsoft_extension_request_counts_like_the_standard_one()
    {
        var san = new CertificateExtension(Oids.SubjectAltName, false, Names.Encode());
        var csr = CertificationRequest.Parse(Samples.Csr((Oids.MicrosoftExtensionRequest, [Samples.Extensions(san)])));
        Assert.Equal(Names, csr.RequestedSan);
        Assert.Equal($"the extension {Oids.SubjectAltName} occurs twice",
            Refusal(Samples.Csr(Samples.ExtensionRequest(san), (Oids.MicrosoftExtensionRequest, [Samples.Extensions(san)]))));
    }

    [Fact]
    public void Extension_asked_for_twice_is_refused() // RFC 5280 4.2
    {
        var extension = new CertificateExtension(Oids.KeyUsage, true, KeyUsages.Encode(X509KeyUsageFlags.DigitalSignature));
        Assert.Equal($"the extension {Oids.KeyUsage} occurs twice", Refusal(Samples.Csr(Samples.ExtensionRequest(extension, extension))));
    }

    [Fact]
    public void Wish_to_be_a_CA_is_seen()
    {
        var csr = CertificationRequest.Parse(Samples.Csr(Samples.ExtensionRequest(
            new CertificateExtension(Oids.BasicConstraints, true, new BasicConstraints(true, 0).Encode()),
            new CertificateExtension(Oids.KeyUsage, true, KeyUsages.Encode(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)))));
        Assert.True(csr.RequestsCa);
        Assert.Equal(["keyCertSign", "cRLSign"], KeyUsages.Names(csr.RequestedKeyUsage!.Value));
    }

    [Fact]
    public void Number_of_attributes_is_bounded()
    {
        var many = Enumerable.Range(1, 33).Select(i => ($"1.2.3.{i}", (byte[][])[[0x05, 0x00]])).ToArray();
        Assert.Equal("the CSR has too many attributes: more than 32", Refusal(Samples.Csr(many)));
        Assert.Equal(32, CertificationRequest.Parse(Samples.Csr(many[..32])).Attributes.Oids.Count);
    }

    private static byte[] Pair(string name, string value) => Samples.Der(w =>
    {
        using var pair = w.PushSequence();
        w.WriteCharacterString(UniversalTagNumber.BMPString, name);
        w.WriteCharacterString(UniversalTagNumber.BMPString, value);
    });

    private static byte[] Change(bool subject, bool names) => Samples.Der(w =>
    {
        using var change = w.PushSequence();
        if (subject) w.WriteEncodedValue(DistinguishedName.Create((Oids.CommonName, "new")).Raw.Span);
        if (names) w.WriteEncodedValue(Names.Encode());
    });
}
