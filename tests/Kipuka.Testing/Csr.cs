using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>A key and its PKCS#10 request.</summary>
public sealed class Csr : IDisposable
{
    public Csr(string subject, IEnumerable<string>? dns = null, AsymmetricAlgorithm? key = null, Action<CertificateRequest>? change = null)
    {
        Key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)Key, HashAlgorithmName.SHA256);
        if (dns is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in dns)
            {
                if (IPAddress.TryParse(name, out var address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(name);
                }
            }
            request.CertificateExtensions.Add(names.Build());
        }
        change?.Invoke(request);
        Der = request.CreateSigningRequest();
    }

    public AsymmetricAlgorithm Key { get; }

    public byte[] Der { get; }

    /// <summary>One line, as most clients send it.</summary>
    public string Base64 => Convert.ToBase64String(Der);

    public void Dispose() => Key.Dispose();
}
