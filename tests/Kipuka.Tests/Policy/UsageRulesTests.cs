using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Tests.Pki;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

public class UsageRulesTests
{
    [Fact]
    public void A_labels_usages_replace_the_CAs_defaults_and_are_always_there()
    {
        var label = Label(l => l with { RequiredExtKeyUsage = ["clientAuth"] });
        Assert.Equal([Oids.ServerAuth], Extended(Approve(Request())));
        Assert.Equal([Oids.ClientAuth], Extended(Approve(Request(), label)));
        Assert.Equal([Oids.ClientAuth, Oids.ServerAuth], Extended(Approve(Asking(Oids.ServerAuth), label)));
    }

    [Fact]
    public void Asked_usages_outside_both_lists_are_dropped_ruling_37()
    {
        Assert.Equal([Oids.ServerAuth], Extended(Approve(Asking(Oids.CodeSigning))));
        Assert.Equal([Oids.CodeSigning], Extended(Approve(Asking(Oids.CodeSigning), Label(l => l with { AllowedExtKeyUsage = ["codeSigning"] }))));
    }

    [Theory]
    [InlineData("ocspSigning", Oids.OcspSigning)]
    [InlineData("cmcRA", Oids.CmcRa)]
    [InlineData("cmcCA", Oids.CmcCa)]
    [InlineData("anyExtendedKeyUsage", Oids.AnyExtendedKeyUsage)]
    public void Powerful_usages_are_given_only_where_a_label_lists_them_by_OID_ruling_37(string name, string oid)
    {
        Assert.DoesNotContain(oid, Extended(Approve(Asking(oid), Label(l => l with { AllowedExtKeyUsage = [name] }))));
        Assert.Contains(oid, Extended(Approve(Asking(oid), Label(l => l with { AllowedExtKeyUsage = [oid] }))));
    }

    [Fact]
    public void Key_usage_follows_the_key_type_ruling_14()
    {
        var rsa = Samples.Rsa;
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, Usage(Approve(Request(key: rsa))));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Usage(Approve(Request())));
        var enciphering = CaLimits with { KeyUsage = X509KeyUsageFlags.KeyEncipherment };
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Usage(Approve(Request(), limits: enciphering)));
    }

    [Fact]
    public void Asked_key_usage_narrows_and_never_widens()
    {
        var rsa = Samples.Rsa;
        CertificationRequest Ask(X509KeyUsageFlags flags) => Request(key: rsa, change: r => r.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true)));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Usage(Approve(Ask(X509KeyUsageFlags.DigitalSignature))));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, Usage(Approve(Ask(X509KeyUsageFlags.KeyAgreement))));
    }

    private static CertificationRequest Asking(string oid)
        => Request(change: r => r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(oid)], false)));

    private static IReadOnlyList<string> Extended(Approval approval) => Eku.Parse(Value(approval, Oids.ExtKeyUsage));

    private static X509KeyUsageFlags Usage(Approval approval) => KeyUsages.Parse(Value(approval, Oids.KeyUsage));

    private static ReadOnlyMemory<byte> Value(Approval approval, string oid) => Granted(approval).Extensions.Single(extension => extension.Oid!.Value == oid).RawData;
}
