using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>The server's certificate, its key and its intermediates, read from PEM.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private const string ServerAuthUsage = "1.3.6.1.5.5.7.3.1";
    private const string CmcRaUsage = "1.3.6.1.5.5.7.3.28";

    private readonly X509Certificate2Collection all;

    private ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection all)
    {
        this.all = all;
        Leaf = leaf;
        // Offline: composing the chain we send must not fetch anything either.
        Context = SslStreamCertificateContext.Create(leaf, all, offline: true);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <exception cref="CryptographicException">The message says which file is wrong and what to do.</exception>
    public static ServerCertificate Load(SettingsFile cert, SecretFile key)
    {
        var all = ReadCertificates(cert);
        try
        {
            return new(WithKey(cert, key), all);
        }
        catch
        {
            Dispose(all);
            throw;
        }
    }

    public static IEnumerable<SettingsProblem> Check(SettingsFile cert, SecretFile key, string certKey, string keyKey, TimeProvider clock)
    {
        var problems = new List<SettingsProblem>();
        try
        {
            var all = ReadCertificates(cert);
            if (clock.GetUtcNow() > all[0].NotAfter)
            {
                problems.Add(new(certKey, $"the certificate {all[0].Subject} in {cert} expired on {all[0].NotAfter.ToUniversalTime():u}; renew it"));
            }
            Dispose(all);
        }
        catch (CryptographicException error)
        {
            return [new(certKey, error.Message)];
        }
        try
        {
            WithKey(cert, key).Dispose();
        }
        catch (CryptographicException error)
        {
            problems.Add(new(keyKey, error.Message));
        }
        return problems;
    }

    /// <summary>What clients may stumble over, without being reason enough not to start.</summary>
    public void LogWeaknesses(SettingsFile cert, TimeProvider clock, ILogger logger)
    {
        if (clock.GetUtcNow() < Leaf.NotBefore)
        {
            logger.LogWarning(
                "The certificate in {Certificate} is valid from {NotBefore:u} on; clients refuse it until then", cert,
                Leaf.NotBefore.ToUniversalTime());
        }
        var usages = Leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
        if (usages?[CmcRaUsage] is null)
        {
            logger.LogWarning(
                "The certificate in {Certificate} lacks the extended key usage id-kp-cmcRA; strict EST clients refuse it (RFC 6402)", cert);
        }
        if (usages is not null && usages[ServerAuthUsage] is null)
        {
            logger.LogWarning("The certificate in {Certificate} lacks the extended key usage serverAuth; TLS clients refuse it", cert);
        }
    }

    public void Dispose()
    {
        Leaf.Dispose();
        Dispose(all);
    }

    private static X509Certificate2Collection ReadCertificates(SettingsFile cert)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(Encoding.UTF8.GetString(cert.Bytes.Span));
        }
        catch (CryptographicException error)
        {
            throw new CryptographicException($"{cert} holds a PEM certificate that cannot be read ({error.Message}); export it again", error);
        }
        return all.Count > 0 ? all : throw new CryptographicException(
            $"{cert} holds no PEM certificate; it needs the server's certificate (-----BEGIN CERTIFICATE-----), then its intermediates");
    }

    private static X509Certificate2 WithKey(SettingsFile cert, SecretFile key)
    {
        var chars = GC.AllocateArray<char>(key.Content.Length, pinned: true);
        try
        {
            var pem = chars.AsSpan(0, Encoding.UTF8.GetChars(key.Content.Reveal(), chars));
            if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            {
                throw new CryptographicException($"the private key in {key} is encrypted; write it without a passphrase: openssl pkey -in ... -out ...");
            }
            return pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? Join(cert, key, pem)
                : throw new CryptographicException($"{key} holds no PEM private key (PKCS#8, SEC1 or PKCS#1)");
        }
        finally
        {
            chars.AsSpan().Clear();
        }
    }

    private static X509Certificate2 Join(SettingsFile cert, SecretFile key, ReadOnlySpan<char> keyPem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(cert.Bytes.Span), keyPem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new CryptographicException(
                $"the key in {key} does not belong to the first certificate in {cert}, or cannot be used for TLS ({error.Message})", error);
        }
    }

    private static void Dispose(X509Certificate2Collection all)
    {
        foreach (var one in all)
        {
            one.Dispose();
        }
    }
}
