namespace Kipuka.Pki;

/// <summary>Object identifiers by the names the standards give them.</summary>
internal static class Oids
{
    // Public keys (RFC 3279, 5480, 8410, 9881, 9935)
    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string Secp256r1 = "1.2.840.10045.3.1.7";
    public const string Secp384r1 = "1.3.132.0.34";
    public const string Secp521r1 = "1.3.132.0.35";
    public const string Ed25519 = "1.3.101.112";
    public const string MlDsa44 = "2.16.840.1.101.3.4.3.17";
    public const string MlDsa65 = "2.16.840.1.101.3.4.3.18";
    public const string MlDsa87 = "2.16.840.1.101.3.4.3.19";
    public const string MlKem512 = "2.16.840.1.101.3.4.4.1";
    public const string MlKem768 = "2.16.840.1.101.3.4.4.2";
    public const string MlKem1024 = "2.16.840.1.101.3.4.4.3";

    // Hashes and signatures (RFC 4055, 5758)
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string RsaSsaPss = "1.2.840.113549.1.1.10";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    public const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    public const string Sha512WithRsa = "1.2.840.113549.1.1.13";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";

    // Signatures that are known in order to be refused by name
    public const string Md2WithRsa = "1.2.840.113549.1.1.2";
    public const string Md5WithRsa = "1.2.840.113549.1.1.4";
    public const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    public const string Sha1WithRsaOiw = "1.3.14.3.2.29";
    public const string Sha224WithRsa = "1.2.840.113549.1.1.14";
    public const string EcdsaWithSha1 = "1.2.840.10045.4.1";
    public const string EcdsaWithSha224 = "1.2.840.10045.4.3.1";
    public const string DsaWithSha1 = "1.2.840.10040.4.3";

    // Certificate extensions (RFC 5280, 6066, 6962, 7633)
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAltName = "2.5.29.17";
    public const string IssuerAltName = "2.5.29.18";
    public const string BasicConstraints = "2.5.29.19";
    public const string NameConstraints = "2.5.29.30";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CertificatePolicies = "2.5.29.32";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string ExtKeyUsage = "2.5.29.37";
    public const string AuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
    public const string TlsFeature = "1.3.6.1.5.5.7.1.24";
    public const string PrecertificatePoison = "1.3.6.1.4.1.11129.2.4.3";
    public const string MicrosoftTemplateName = "1.3.6.1.4.1.311.20.2";
    public const string MicrosoftTemplate = "1.3.6.1.4.1.311.21.7";

    // Access methods of AuthorityInfoAccess
    public const string Ocsp = "1.3.6.1.5.5.7.48.1";
    public const string CaIssuers = "1.3.6.1.5.5.7.48.2";

    // Extended key usages (RFC 5280, 6402, 6494, 4556, 8738)
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    public const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";
    public const string IpsecIke = "1.3.6.1.5.5.7.3.17";
    public const string SshClient = "1.3.6.1.5.5.7.3.21";
    public const string SshServer = "1.3.6.1.5.5.7.3.22";
    public const string CmcCa = "1.3.6.1.5.5.7.3.27";
    public const string CmcRa = "1.3.6.1.5.5.7.3.28";
    public const string DocumentSigning = "1.3.6.1.5.5.7.3.36";
    public const string PkinitKdc = "1.3.6.1.5.2.3.5";
    public const string PkinitClient = "1.3.6.1.5.2.3.4";
    public const string SmartcardLogon = "1.3.6.1.4.1.311.20.2.2";

    // CSR attributes (RFC 2985, 6402, 7030, 7894, MS-WCCE)
    public const string ChallengePassword = "1.2.840.113549.1.9.7";
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";
    public const string MicrosoftExtensionRequest = "1.3.6.1.4.1.311.2.1.14";
    public const string EnrollmentNameValuePair = "1.3.6.1.4.1.311.13.2.1";
    public const string MicrosoftOsVersion = "1.3.6.1.4.1.311.13.2.3";
    public const string MicrosoftKeyStore = "1.3.6.1.4.1.311.13.2.2";
    public const string MicrosoftClientInfo = "1.3.6.1.4.1.311.21.20";
    public const string PossessionStatement = "1.3.6.1.4.1.22112.2.1";
    public const string ChangeSubjectName = "1.3.6.1.5.5.7.7.36";
    public const string SmimeCapabilities = "1.2.840.113549.1.9.15";
    public const string DecryptKeyIdentifier = "1.2.840.113549.1.9.16.2.37";
    public const string AsymmetricDecryptKeyIdentifier = "1.2.840.113549.1.9.16.2.54";
    public const string OtpChallenge = "1.2.840.113549.1.9.16.2.56";
    public const string RevocationChallenge = "1.2.840.113549.1.9.16.2.57";
    public const string EstIdentityLinking = "1.2.840.113549.1.9.16.2.58";
    public const string CertificationRequestInfoTemplate = "1.2.840.113549.1.9.16.2.61";
    public const string ExtensionRequestTemplate = "1.2.840.113549.1.9.16.2.62";

    // CMS content and signed attributes (RFC 5652, 5083, 5958)
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string EnvelopedData = "1.2.840.113549.1.7.3";
    public const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";
    public const string AsymmetricKeyPackage = "2.16.840.1.101.2.1.2.78.5";
    public const string ContentType = "1.2.840.113549.1.9.3";
    public const string MessageDigest = "1.2.840.113549.1.9.4";
    public const string SigningTime = "1.2.840.113549.1.9.5";

    // Encryption of content and of keys (RFC 3565, 5084, 4055, 5753)
    public const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    public const string Aes192Cbc = "2.16.840.1.101.3.4.1.22";
    public const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    public const string Aes128Gcm = "2.16.840.1.101.3.4.1.6";
    public const string Aes192Gcm = "2.16.840.1.101.3.4.1.26";
    public const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    public const string Aes128Wrap = "2.16.840.1.101.3.4.1.5";
    public const string Aes192Wrap = "2.16.840.1.101.3.4.1.25";
    public const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";
    public const string RsaesOaep = "1.2.840.113549.1.1.7";
    public const string PSpecified = "1.2.840.113549.1.1.9";
    public const string StdDhSha256Kdf = "1.3.132.1.11.1";
    public const string StdDhSha384Kdf = "1.3.132.1.11.2";
    public const string StdDhSha512Kdf = "1.3.132.1.11.3";

    // Name attributes (X.520, RFC 4519, 2985)
    public const string CommonName = "2.5.4.3";
    public const string Surname = "2.5.4.4";
    public const string SerialNumber = "2.5.4.5";
    public const string CountryName = "2.5.4.6";
    public const string LocalityName = "2.5.4.7";
    public const string StateOrProvinceName = "2.5.4.8";
    public const string StreetAddress = "2.5.4.9";
    public const string OrganizationName = "2.5.4.10";
    public const string OrganizationalUnitName = "2.5.4.11";
    public const string Title = "2.5.4.12";
    public const string Description = "2.5.4.13";
    public const string BusinessCategory = "2.5.4.15";
    public const string PostalCode = "2.5.4.17";
    public const string Name = "2.5.4.41";
    public const string GivenName = "2.5.4.42";
    public const string Initials = "2.5.4.43";
    public const string GenerationQualifier = "2.5.4.44";
    public const string DnQualifier = "2.5.4.46";
    public const string Pseudonym = "2.5.4.65";
    public const string OrganizationIdentifier = "2.5.4.97";
    public const string UserId = "0.9.2342.19200300.100.1.1";
    public const string DomainComponent = "0.9.2342.19200300.100.1.25";
    public const string EmailAddress = "1.2.840.113549.1.9.1";
    public const string UnstructuredName = "1.2.840.113549.1.9.2";
    public const string JurisdictionLocality = "1.3.6.1.4.1.311.60.2.1.1";
    public const string JurisdictionState = "1.3.6.1.4.1.311.60.2.1.2";
    public const string JurisdictionCountry = "1.3.6.1.4.1.311.60.2.1.3";
}
