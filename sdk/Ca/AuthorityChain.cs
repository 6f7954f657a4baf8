using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Sdk.Ca;

/// <summary>Puts a CA's certificate files into the order in which clients are given them, and finds what is wrong with them.</summary>
internal static class AuthorityChain
{
    public static AuthorityCertificates Load(SigningAuthoritySettings settings)
    {
        var (certificates, problems) = Inspect(settings);
        return certificates is not null && problems.Find(problem => !problem.IsWarning) is not { } problem
            ? certificates
            : throw new CryptographicException(problems.First(found => !found.IsWarning).Message);
    }

    public static IReadOnlyList<SettingsProblem> Check(SigningAuthoritySettings settings)
    {
        var (certificates, problems) = Inspect(settings);
        if (certificates is null)
        {
            return problems;
        }
        try
        {
            settings.LoadScheme(certificates.Issuer);
        }
        catch (NotSupportedException fault)
        {
            problems.Add(new SettingsProblem("cert", $"{settings.Cert.Path}: {fault.Message}"));
        }
        if (certificates.Issuer.NotAfter.ToUniversalTime() < TimeProvider.System.GetUtcNow().UtcDateTime)
        {
            // No error: the other CAs of the server still work, and health says the same.
            problems.Add(Warning("cert", $"{settings.Cert.Path} has expired ({certificates.Issuer.NotAfter:u}): nothing can be issued; renew it."));
        }
        return problems;
    }

    private static (AuthorityCertificates? Certificates, List<SettingsProblem> Problems) Inspect(SigningAuthoritySettings settings)
    {
        List<SettingsProblem> problems = [];
        if (Read("cert", settings.Cert, problems) is not [var issuer, .. var rest])
        {
            return (null, problems);
        }
        if (WhyNoCa(issuer) is { } reason)
        {
            problems.Add(new SettingsProblem("cert", $"{settings.Cert.Path} cannot issue certificates: {reason}."));
        }
        List<X509Certificate2> pool = [];
        foreach (var certificate in rest.Concat(Read("chain", settings.Chain, problems)).Concat(Read("root", settings.Root, problems)))
        {
            if (!Contains([issuer, .. pool], certificate))
            {
                pool.Add(certificate);
            }
        }
        foreach (var certificate in pool.Where(certificate => WhyNoCa(certificate) is not null))
        {
            problems.Add(new SettingsProblem(
                Source(settings).Key, $"{Source(settings).File}: {certificate.Subject} is no CA certificate ({WhyNoCa(certificate)}); remove it."));
        }
        return (new AuthorityCertificates(issuer, Climb(settings, issuer, pool, problems)), problems);
    }

    private static List<X509Certificate2> Climb(
        SigningAuthoritySettings settings, X509Certificate2 issuer, List<X509Certificate2> pool, List<SettingsProblem> problems)
    {
        List<X509Certificate2> path = [issuer];
        while (!IsSelfSigned(path[^1]) && pool.Find(candidate => Signed(candidate, path[^1])) is { } next)
        {
            path.Add(next);
            pool.Remove(next);
        }
        if (path.Count == 1 && pool.Count > 0 && !IsSelfSigned(issuer))
        {
            problems.Add(new SettingsProblem(
                Source(settings).Key,
                $"{Source(settings).File} does not lead upwards from {settings.Cert.Path}: no certificate in it is the one of "
                + $"{issuer.Issuer} that signed {issuer.Subject}."));
        }
        else if (!IsSelfSigned(path[^1]))
        {
            problems.Add(Warning(
                "root",
                $"no self-signed certificate stands above {path[^1].Subject}, so /cacerts lacks the root (RFC 7030 section 4.1.3): "
                + $"name the certificate of {path[^1].Issuer} as `root`, or add it to `chain`."));
        }
        // Cross certificates and roll-over certificates (RFC 7030 section 4.1.3) lead elsewhere; clients get them all the same.
        return [.. path, .. pool];
    }

    /// <summary>Why a certificate may not sign others (RFC 5280 sections 4.2.1.3 and 4.2.1.9); null when it may.</summary>
    private static string? WhyNoCa(X509Certificate2 certificate)
    {
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            return "it has no basicConstraints CA:TRUE";
        }
        // Absent means any use: the plainest openssl command for a root leaves it out.
        return certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
            ? null
            : "its key usage lacks keyCertSign";
    }

    // One name is not enough: a roll-over's "new with old" certificate (RFC 4210 section 4.4) is issued by its own name, but by another key.
    private static bool IsSelfSigned(X509Certificate2 certificate)
        => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            && (KeyOfIssuer(certificate) is not { } issuer || KeyOfSubject(certificate) is not { } subject || issuer.Span.SequenceEqual(subject.Span));

    private static ReadOnlyMemory<byte>? KeyOfIssuer(X509Certificate2 certificate)
        => certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;

    private static ReadOnlyMemory<byte>? KeyOfSubject(X509Certificate2 certificate)
        => certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;

    // A roll-over leaves several CA certificates of one name: only the signature tells which is the one.
    private static bool Signed(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(issuer);
        chain.ChainPolicy.ExtraStore.Add(issuer);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags;
        chain.Build(certificate);
        return chain.ChainElements.Count > 1
            && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(issuer.RawDataMemory.Span)
            && chain.ChainElements[0].ChainElementStatus.All(status => (status.Status & X509ChainStatusFlags.NotSignatureValid) == 0);
    }

    // X509Certificate2.Equals compares issuer and serial number only.
    private static bool Contains(IEnumerable<X509Certificate2> certificates, X509Certificate2 wanted)
        => certificates.Any(certificate => certificate.RawDataMemory.Span.SequenceEqual(wanted.RawDataMemory.Span));

    private static List<X509Certificate2> Read(string key, SettingsFile? file, List<SettingsProblem> problems)
    {
        if (file is null)
        {
            return [];
        }
        try
        {
            var certificates = new X509Certificate2Collection();
            if (file.Bytes.Span.IndexOf("-----BEGIN"u8) >= 0)
            {
                certificates.ImportFromPem(Encoding.UTF8.GetString(file.Bytes.Span));
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(file.Bytes.Span));
            }
            if (certificates.Count > 0)
            {
                return [.. certificates];
            }
            problems.Add(new SettingsProblem(key, $"{file.Path} holds no certificate; PEM blocks \"CERTIFICATE\" or one DER certificate are expected."));
        }
        catch (CryptographicException fault)
        {
            problems.Add(new SettingsProblem(key, $"{file.Path} holds no readable certificate ({fault.Message}); PEM or DER is expected."));
        }
        return [];
    }

    // What is not the issuer came from one of these; `cert` itself may hold more than one certificate.
    private static (string Key, SettingsFile File) Source(SigningAuthoritySettings settings) => settings switch
    {
        { Chain: { } chain } => ("chain", chain),
        { Root: { } root } => ("root", root),
        _ => ("cert", settings.Cert),
    };

    private static SettingsProblem Warning(string key, string message) => new(key, message) { IsWarning = true };
}
