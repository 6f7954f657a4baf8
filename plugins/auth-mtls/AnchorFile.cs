using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>Reads a file of trust anchors.</summary>
internal static class AnchorFile
{
    /// <exception cref="CryptographicException">It holds no certificate, or one that is no CA; the message names the file.</exception>
    public static X509Certificate2Collection Read(SettingsFile file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (file.Bytes.Span.IndexOf("-----BEGIN"u8) >= 0)
            {
                certificates.ImportFromPem(Encoding.UTF8.GetString(file.Bytes.Span));
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(file.Bytes.Span));
            }
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException($"{file.Path} holds no readable certificate: {fault.Message}", fault);
        }
        if (certificates.Count == 0)
        {
            throw new CryptographicException(
                $"{file.Path} holds no certificate (expected PEM blocks \"CERTIFICATE\" or one DER certificate).");
        }
        foreach (var certificate in certificates)
        {
            // A client's own certificate as an anchor would accept nobody and hide the mistake. Version 1 roots have no extensions.
            if (certificate.Version == 3 && !LeafRules.IsAuthority(certificate))
            {
                throw new CryptographicException(
                    $"{file.Path} holds {SubjectText.Of(certificate.SubjectName)}, which is no CA certificate "
                    + "(basicConstraints CA:TRUE is missing).");
            }
        }
        return certificates;
    }
}
