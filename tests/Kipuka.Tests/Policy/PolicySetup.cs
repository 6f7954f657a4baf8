using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Tests.Policy;

/// <summary>A request, a CA's limits and a moment, for tests that change one of them.</summary>
internal static class PolicySetup
{
    public static readonly DateTimeOffset Now = new(2026, 6, 24, 12, 0, 0, TimeSpan.Zero);

    public static readonly Requester Somebody = new(new Identity("otp", "selector", "device-1"), null, null);

    public static readonly DraftStamp Stamp = new(new Guid("0197a000-0000-7000-8000-000000000001"), (byte[])[0x40, .. new byte[19]], Now);

    public static AuthorityLimits CaLimits { get; } = new(
        "ca", [], null, [Oids.ServerAuth], TimeSpan.FromDays(90), TimeSpan.FromDays(398), false, Now.AddYears(-1), Now.AddYears(5));

    public static CertificationRequest Request(string subject = "CN=device-1", string[]? dns = null, AsymmetricAlgorithm? key = null, Action<CertificateRequest>? change = null)
    {
        using var own = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var request = (key ?? own) switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ec => new CertificateRequest(subject, ec, HashAlgorithmName.SHA256),
            _ => throw new InvalidOperationException(),
        };
        if (dns is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(dns, names.AddDnsName);
            request.CertificateExtensions.Add(names.Build());
        }
        change?.Invoke(request);
        return CertificationRequest.Parse(request.CreateSigningRequest());
    }

    public static Approval Approve(
        CertificationRequest request, LabelConfig? label = null, AuthorityLimits? limits = null, EnrollmentConfig? defaults = null, Requester? requester = null, bool renewal = false)
        => new LabelPolicy(label, defaults ?? new EnrollmentConfig(), new HashSet<string> { "ca" })
            .Approve(ProvenRequest.Prove(request, true), requester ?? Somebody, renewal, limits ?? CaLimits, Stamp);

    public static CertificateDraft Granted(Approval approval) => Assert.IsType<Approval.Granted>(approval).Draft;

    public static IReadOnlyDictionary<string, string> Notes(Approval approval) => Assert.IsType<Approval.Granted>(approval).Notes.Fields;

    public static string Code(Approval approval) => Assert.IsType<Approval.Refused>(approval).Refusal.Code;

    public static LabelConfig Label(Func<LabelConfig, LabelConfig>? change = null)
    {
        var label = new LabelConfig { Name = "devices", CaId = "ca", RequireSan = false };
        return change?.Invoke(label) ?? label;
    }
}
