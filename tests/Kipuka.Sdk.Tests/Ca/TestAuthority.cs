using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tests.Ca;

/// <summary>The shortest holder of a key: what a vendor writes.</summary>
internal sealed class TestAuthority(AuthorityCertificates certificates, SignatureScheme scheme, AsymmetricAlgorithm key)
    : SigningAuthority(certificates, scheme)
{
    public Exception? Fault { get; set; }

    protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => Fault is null
        ? new(key is RSA rsa
            ? rsa.SignData(data.Span, Scheme.Hash, Scheme.RsaPadding!)
            : ((ECDsa)key).SignData(data.Span, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence))
        : throw Fault;

    public override ValueTask DisposeAsync() => default;
}

internal static class Make
{
    public static readonly DateTimeOffset Now = new(2026, 6, 24, 14, 0, 0, TimeSpan.Zero);

    public static AsymmetricAlgorithm Key(string kind) => kind switch
    {
        "rsa2048" => RSA.Create(2048),
        "rsa3072" => RSA.Create(3072),
        "p256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "p384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "p521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => throw new ArgumentException(kind),
    };

    public static CertificateRequest Request(AsymmetricAlgorithm key, string name) => key is RSA rsa
        ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);

    public static CertificateRequest CaRequest(AsymmetricAlgorithm key, string name, bool withKeyIdentifier = true)
    {
        var request = Request(key, name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        if (withKeyIdentifier) request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    public static X509Certificate2 Root(AsymmetricAlgorithm key, string name = "CN=Test Root", bool withKeyIdentifier = true)
        => CaRequest(key, name, withKeyIdentifier).CreateSelfSigned(Now.AddYears(-1), Now.AddYears(40));

    public static X509Certificate2 Intermediate(X509Certificate2 issuer, AsymmetricAlgorithm issuerKey, AsymmetricAlgorithm key, string name)
    {
        var request = CaRequest(key, name);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        var generator = issuerKey is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)issuerKey);
        return request.Create(issuer.SubjectName, generator, Now.AddYears(-1), Now.AddYears(20), RandomNumberGenerator.GetBytes(8));
    }

    public static CertificateDraft Draft(AsymmetricAlgorithm? key = null, byte[]? serial = null)
    {
        key ??= Key("p256");
        return new CertificateDraft
        {
            Transaction = Guid.NewGuid(),
            Profile = "",
            Subject = new X500DistinguishedName("CN=device.example, O=Example"),
            SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo(),
            Extensions =
            [
                new X509BasicConstraintsExtension(false, false, 0, true),
                new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true),
            ],
            NotBefore = Now,
            NotAfter = Now.AddDays(90),
            Serial = serial ?? [0x11, .. RandomNumberGenerator.GetBytes(19)],
        };
    }

    public static SettingsFile File(string name, params X509Certificate2[] certificates) => new(
        $"/ca/{name}", System.Text.Encoding.ASCII.GetBytes(string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem()))));

    public static async Task<X509Certificate2> IssueAsync(SigningAuthority authority, CertificateDraft draft)
    {
        var issued = Assert.IsType<IssueResult.Issued>(await authority.IssueAsync(draft, default));
        return X509CertificateLoader.LoadCertificate(issued.Certificate.Span);
    }
}

internal sealed record TestSettings : SigningAuthoritySettings;
