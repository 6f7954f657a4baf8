using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Reads files of root certificates.</summary>
internal static class TrustAnchors
{
    /// <exception cref="CryptographicException">A file holds no certificate, or one that cannot be a root; the message names it.</exception>
    public static X509Certificate2Collection Read(IEnumerable<SettingsFile> files)
    {
        var all = new X509Certificate2Collection();
        try
        {
            foreach (var file in files)
            {
                all.AddRange(Read(file));
            }
            return all;
        }
        catch
        {
            Dispose(all);
            throw;
        }
    }

    public static void Dispose(X509Certificate2Collection? certificates)
    {
        foreach (var certificate in certificates ?? [])
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2Collection Read(SettingsFile file)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(Encoding.UTF8.GetString(file.Bytes.Span));
        }
        catch (CryptographicException fault)
        {
            Dispose(found);
            throw new CryptographicException($"{file} holds a PEM certificate that cannot be read ({fault.Message}); export it again.", fault);
        }
        // A chain ends in a certificate that signed itself; with another one as its end the platform would trust no server at all.
        var wrong = found.Count == 0 ? $"{file} holds no PEM certificate (-----BEGIN CERTIFICATE-----)."
            : found.FirstOrDefault(certificate => !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)) is { } inner
                ? $"{file} holds {inner.Subject}, which {inner.Issuer} has issued; name the root certificate." : null;
        if (wrong is not null)
        {
            Dispose(found);
            throw new CryptographicException(wrong);
        }
        return found;
    }
}
