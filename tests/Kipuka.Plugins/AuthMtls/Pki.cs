using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.AuthMtls;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>Certificates and requests for the tests of auth-mtls.</summary>
internal static class Pki
{
    public static readonly DateTimeOffset Now = new(2026, 6, 24, 10, 15, 0, TimeSpan.Zero);

    public static X509Certificate2 Root(string name = "Root", AsymmetricAlgorithm? key = null)
        => Issue(null, $"CN={name}", authority: true, key: key);

    public static X509Certificate2 Authority(X509Certificate2 issuer, string name = "Issuing", params X509Extension[] extensions)
        => Issue(issuer, $"CN={name}", authority: true, extensions: extensions);

    public static X509Certificate2 Leaf(X509Certificate2 issuer, params X509Extension[] extensions)
        => Issue(issuer, "CN=device-1", extensions: extensions);

    public static X509Certificate2 Issue(
        X509Certificate2? issuer, string subject, bool authority = false, AsymmetricAlgorithm? key = null, DateTimeOffset? from = null,
        DateTimeOffset? to = null, HashAlgorithmName? hash = null, X509SignatureGenerator? generator = null, params X509Extension[] extensions)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = hash ?? HashAlgorithmName.SHA256;
        var request = key is ECDsa ec
            ? new CertificateRequest(subject, ec, digest)
            : new CertificateRequest(subject, (RSA)key, digest, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }
        generator ??= issuer is null ? Signer(key) : Signer((AsymmetricAlgorithm?)issuer.GetECDsaPrivateKey() ?? issuer.GetRSAPrivateKey()!);
        using var certificate = request.Create(
            issuer?.SubjectName ?? request.SubjectName, generator, from ?? Now.AddDays(-10), to ?? Now.AddDays(10), RandomNumberGenerator.GetBytes(16));
        return key is ECDsa curve ? certificate.CopyWithPrivateKey(curve) : certificate.CopyWithPrivateKey((RSA)key);
    }

    public static SettingsFile File(params X509Certificate2[] certificates) => new(
        "/etc/kipuka/clients.pem",
        System.Text.Encoding.ASCII.GetBytes(string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem()))));

    public static AuthenticationRequest Request(params X509Certificate2[] peer)
        => Request([.. peer.Select(certificate => (ReadOnlyMemory<byte>)certificate.RawData)]);

    public static AuthenticationRequest Request(IReadOnlyList<ReadOnlyMemory<byte>> peer)
        => new(EstOperation.SimpleEnroll, null, new Peer(new IPEndPoint(IPAddress.Loopback, 40000), peer));

    public static async Task<AuthenticationResult> AskAsync(MtlsSettings settings, AuthenticationRequest request, FakeHost? host = null)
    {
        using var own = new FakeHost();
        await using var service = await new MtlsPlugin().StartAsync(settings, host ?? own, default);
        return await service.AuthenticateAsync(request, default);
    }

    public static Task<AuthenticationResult> AskAsync(X509Certificate2 anchor, params X509Certificate2[] peer)
        => AskAsync(new MtlsSettings { TrustAnchors = [File(anchor)] }, Request(peer));

    public static Identity Accepted(AuthenticationResult result) => Assert.IsType<AuthenticationResult.Accepted>(result).Identity;

    /// <summary>Ruling 31: counts as not presented, so another method may still succeed.</summary>
    public static void NotPresented(AuthenticationResult result, string reason)
    {
        var rejected = Assert.IsType<AuthenticationResult.Rejected>(result);
        Assert.False(rejected.Forbidden);
        Assert.Contains(reason, rejected.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', rejected.Reason);
    }

    private static X509SignatureGenerator Signer(AsymmetricAlgorithm key)
        => key is ECDsa ec ? X509SignatureGenerator.CreateForECDsa(ec) : X509SignatureGenerator.CreateForRSA((RSA)key, RSASignaturePadding.Pkcs1);
}
