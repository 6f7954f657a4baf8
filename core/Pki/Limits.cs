namespace Kipuka.Pki;

/// <summary>Bounds on what a message may hold. Each is far above honest use, and low enough that no message is costly to read.</summary>
internal static class Limits
{
    /// <summary>A PKCS#10 or a certificate. An SLH-DSA signature takes 50 KB, attestation evidence as much again.</summary>
    public const int MessageBytes = 256 * 1024;

    public const int NameAttributes = 64;
    public const int NameValueChars = 1024;
    public const int GeneralNames = 100;
    public const int RequestAttributes = 32;
    public const int AttributeValues = 32;
    public const int Extensions = 64;
    public const int ExtKeyUsages = 64;
    public const int OidBytes = 64;
    public const int NameSubtrees = 1000;
    public const int RsaBits = 16384;

    /// <summary>PKCS #9 pkcs-9-ub-challengePassword, and RFC 7894's attributes.</summary>
    public const int ChallengeChars = 255;

    public const int CertificatesInBundle = 1000;

    /// <summary>Requests, and controls, and other parts, each, of one CMC message.</summary>
    public const int CmcParts = 100;

    /// <summary>The certificates beside a signed message: chains of its signers.</summary>
    public const int CmcCertificates = 32;

    public const int CmcSigners = 8;

    /// <summary>RFC 5280 4.1.2.2 has 20 octets; CAs of old wrote a few more.</summary>
    public const int SerialBytes = 64;

    /// <summary>A nonce, a transaction identifier, data to be returned.</summary>
    public const int CmcValueBytes = 16 * 1024;

    public static void Check(int count, int limit, string what)
    {
        if (count > limit) throw new MalformedException($"{what}: more than {limit}");
    }
}
