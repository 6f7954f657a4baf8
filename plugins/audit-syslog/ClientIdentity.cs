using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>The certificate that we show to the server, its key and its intermediates.</summary>
internal sealed class ClientIdentity : IDisposable
{
    private readonly X509Certificate2 leaf;
    private readonly X509Certificate2Collection all;

    private ClientIdentity(X509Certificate2 leaf, X509Certificate2Collection all)
    {
        this.leaf = leaf;
        this.all = all;
        // Offline: composing the chain that we send fetches nothing.
        Context = SslStreamCertificateContext.Create(leaf, all, offline: true);
    }

    public SslStreamCertificateContext Context { get; }

    /// <exception cref="CryptographicException">A file is wrong; the message names it and says what to do.</exception>
    public static ClientIdentity Load(SettingsFile cert, SecretFile key)
    {
        var pem = Encoding.UTF8.GetString(cert.Bytes.Span);
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException($"{cert} holds a PEM certificate that cannot be read ({fault.Message}); export it again.", fault);
        }
        if (all.Count == 0)
        {
            throw new CryptographicException($"{cert} holds no PEM certificate (-----BEGIN CERTIFICATE-----).");
        }
        try
        {
            return new ClientIdentity(WithKey(cert, pem, key), all);
        }
        catch
        {
            TrustAnchors.Dispose(all);
            throw;
        }
    }

    public void Dispose()
    {
        leaf.Dispose();
        TrustAnchors.Dispose(all);
    }

    private static X509Certificate2 WithKey(SettingsFile cert, string pem, SecretFile key)
    {
        var characters = GC.AllocateArray<char>(key.Content.Length, pinned: true);
        try
        {
            var keyPem = characters.AsSpan(0, Encoding.UTF8.GetChars(key.Content.Reveal(), characters));
            return keyPem.Contains("ENCRYPTED", StringComparison.Ordinal)
                ? throw new CryptographicException($"the key in {key} is encrypted; write it without a passphrase: openssl pkey -in ... -out ...")
                : Join(cert, pem, key, keyPem);
        }
        finally
        {
            characters.AsSpan().Clear();
        }
    }

    private static X509Certificate2 Join(SettingsFile cert, string pem, SecretFile key, ReadOnlySpan<char> keyPem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem, keyPem);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new CryptographicException(
                $"{key} holds no PEM key that belongs to the first certificate in {cert} and can be used for TLS ({fault.Message})", fault);
        }
    }
}
