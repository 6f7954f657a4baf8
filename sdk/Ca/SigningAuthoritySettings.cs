using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>The keys of a <c>[[ca]]</c> table that every holder of a key has: its certificates and how it signs.</summary>
public abstract record SigningAuthoritySettings
{
    /// <summary>The CA certificate, PEM or DER. A PEM file may go on with its chain.</summary>
    [Setting(Aliases = ["cert_path", "ca_cert"])]
    public required SettingsFile Cert { get; init; }

    /// <summary>Certificates above it, PEM, the next issuer first; with or without the issuing certificate and the root.</summary>
    public SettingsFile? Chain { get; init; }

    /// <summary>The self-signed root, when <see cref="Chain"/> does not hold it.</summary>
    public SettingsFile? Root { get; init; }

    /// <summary>Hash of certificate signatures; absent chooses by the key.</summary>
    [Setting(OneOf = ["sha256", "sha384", "sha512"])]
    public string? SignatureHash { get; init; }

    /// <summary>Padding of RSA signatures.</summary>
    [Setting(OneOf = ["pkcs1", "pss"])]
    public string RsaPadding { get; init; } = "pkcs1";

    /// <summary>Reads the certificates in the order that <see cref="AuthorityCertificates"/> wants, each once.</summary>
    /// <exception cref="CryptographicException">
    /// A file holds no certificate, the issuer may not sign certificates, or the chain does not lead upwards from it. The message names the file.
    /// </exception>
    public AuthorityCertificates LoadCertificates() => AuthorityChain.Load(this);

    /// <summary>The signature scheme that the settings and the issuer's key call for.</summary>
    /// <exception cref="NotSupportedException">The key cannot be used this way; the message says why.</exception>
    public SignatureScheme LoadScheme(X509Certificate2 issuer) => SignatureScheme.For(
        issuer,
        SignatureHash is null ? null : new HashAlgorithmName(SignatureHash.ToUpperInvariant()),
        RsaPadding == "pss");

    /// <summary>What is wrong with these keys, for <see cref="Plugin{TService, TSettings}.Check"/>. No side effects.</summary>
    public IEnumerable<SettingsProblem> CheckCertificates() => AuthorityChain.Check(this);
}
