using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>The certificate and key that a client shows in the TLS handshake, with what else is in its file.</summary>
internal sealed class ClientIdentity : IDisposable
{
    private readonly X509Certificate2Collection rest = [];

    private ClientIdentity(X509Certificate2 certificate, IEnumerable<ReadOnlyMemory<byte>> chain)
    {
        Certificate = certificate;
        foreach (var der in chain)
        {
            rest.Add(X509CertificateLoader.LoadCertificate(der.Span));
        }
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Offline: whatever the certificate says, nothing is fetched to complete its chain.</summary>
    public SslStreamCertificateContext Context => SslStreamCertificateContext.Create(Certificate, rest, offline: true);

    /// <param name="certificate">The path of a PEM or DER file, the certificate first.</param>
    /// <param name="key">The path of a PEM file with the private key.</param>
    public static ClientIdentity Read(Surroundings surroundings, string certificate, string key)
    {
        var certificates = CertificateFile.Read(surroundings, certificate, "--cert");
        var pem = Encoding.ASCII.GetString(surroundings.Read(key, "--key"));
        try
        {
            using var bare = X509CertificateLoader.LoadCertificate(certificates[0].Span);
            return new ClientIdentity(X509Certificate2.CreateFromPem(bare.ExportCertificatePem(), pem), certificates.Skip(1));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw CliException.Usage($"--key: {key} does not hold the private key of {certificate} as PEM without a passphrase: {fault.Message}");
        }
    }

    /// <summary>Nothing for nothing, both for both.</summary>
    public static ClientIdentity? ReadIfGiven(Surroundings surroundings, string? certificate, string? key) => (certificate, key) switch
    {
        (null, null) => null,
        ({ } c, { } k) => Read(surroundings, c, k),
        _ => throw CliException.Usage("--cert and --key belong together: give both or neither"),
    };

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var certificate in rest)
        {
            certificate.Dispose();
        }
    }
}
