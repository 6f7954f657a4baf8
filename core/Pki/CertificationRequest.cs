using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>
/// A PKCS#10 (RFC 2986), every field that we understand parsed strictly, nothing yet believed: see <see cref="ProvenRequest"/>.
/// </summary>
internal sealed class CertificationRequest : IRequestedCertificate
{
    // Those that are read somewhere, and Microsoft's that only describe the sender: its system, its program, its key store.
    private static readonly string[] Known =
    [
        Oids.ChallengePassword, Oids.ExtensionRequest, Oids.MicrosoftExtensionRequest, Oids.EnrollmentNameValuePair, Oids.ChangeSubjectName,
        Oids.DecryptKeyIdentifier, Oids.AsymmetricDecryptKeyIdentifier, Oids.SmimeCapabilities, Oids.OtpChallenge, Oids.EstIdentityLinking,
        Oids.PossessionStatement, Oids.MicrosoftOsVersion, Oids.MicrosoftClientInfo, Oids.MicrosoftKeyStore,
    ];

    private CertificationRequest(Outer outer)
    {
        Raw = outer.Raw;
        SignedBytes = outer.Info;
        Signature = outer.Signature;
        SignatureAlgorithm = AlgorithmIdentifier.Parse(outer.Algorithm, "the CSR's signature algorithm");
        Subject = DistinguishedName.Parse(outer.Subject, "the CSR's subject");
        PublicKey = PublicKeyInfo.Parse(outer.PublicKey, "the CSR's public key");
        Attributes = outer.Attributes;
        Requested = Pki.RequestedExtensions.Read(Attributes);
        ChallengePassword = Attributes.Text(Oids.ChallengePassword, "the challengePassword");
        EstIdentityLinking = Attributes.Text(Oids.EstIdentityLinking, "the estIdentityLinking attribute");
        OtpChallenge = Attributes.Text(Oids.OtpChallenge, "the otpChallenge attribute");
        _ = Attributes.Text(Oids.RevocationChallenge, "the revocationChallenge attribute"); // judged, not kept: operators revoke here
        ChangeSubjectName = Pki.ChangeSubjectName.Read(Attributes);
        RequestedValidity = Pki.RequestedValidity.Read(Attributes);
        PossessionStatement = Pki.PossessionStatement.Read(Attributes);
        DecryptKeyIdentifier = Attributes.Octets(Oids.DecryptKeyIdentifier, "the DecryptKeyIdentifier");
        AsymmetricDecryptKeyIdentifier = Attributes.Octets(Oids.AsymmetricDecryptKeyIdentifier, "the AsymmetricDecryptKeyIdentifier");
    }

    /// <summary>The whole request, DER.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The CertificationRequestInfo, which is what the signature covers.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>As it came: <see cref="SignatureAlgorithms.Parse"/> says whether it is accepted.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    public DistinguishedName Subject { get; }

    public PublicKeyInfo PublicKey { get; }

    public RequestAttributes Attributes { get; }

    /// <summary>The extension request, parsed; the properties below are its parts.</summary>
    public RequestedExtensions Requested { get; }

    public IReadOnlyList<CertificateExtension> RequestedExtensions => Requested.List;

    public GeneralNames? RequestedSan => Requested.SubjectAltName;

    public IReadOnlyList<string> RequestedEkus => Requested.ExtKeyUsages;

    public X509KeyUsageFlags? RequestedKeyUsage => Requested.KeyUsage;

    /// <summary>Whether the request asks for a CA certificate (basicConstraints with cA TRUE).</summary>
    public bool RequestsCa => Requested.BasicConstraints is { Ca: true };

    public string? ChallengePassword { get; }

    /// <summary>RFC 7894 3.3.</summary>
    public string? EstIdentityLinking { get; }

    /// <summary>RFC 7894 3.1.</summary>
    public string? OtpChallenge { get; }

    public ChangeSubjectName? ChangeSubjectName { get; }

    public TimeSpan? RequestedValidity { get; }

    /// <summary>RFC 9883: whose signature this is, where the key cannot sign.</summary>
    public PossessionStatement? PossessionStatement { get; }

    /// <summary>RFC 7030 4.4.1.1: the symmetric key that a generated private key shall be encrypted to.</summary>
    public ReadOnlyMemory<byte>? DecryptKeyIdentifier { get; }

    /// <summary>RFC 7030 4.4.1.2: the same for an asymmetric key.</summary>
    public ReadOnlyMemory<byte>? AsymmetricDecryptKeyIdentifier { get; }

    public IEnumerable<string> UnknownAttributes => Attributes.Oids.Where(oid => !Known.Contains(oid));

    /// <summary>The bytes are kept, not copied: they must not change afterwards.</summary>
    public static CertificationRequest Parse(ReadOnlyMemory<byte> der)
    {
        if (der.Length > Limits.MessageBytes) throw new MalformedException($"the CSR is longer than {Limits.MessageBytes} bytes");
        return new CertificationRequest(Der.Read(der, "the CSR", Read));
    }

    /// <summary>
    /// Whether the request is signed with the key it carries. Throws <see cref="MalformedException"/> for an algorithm that is not taken.
    /// </summary>
    public bool VerifySignature() => PublicKey.Verify(SignedBytes.Span, Signature.Span, SignatureAlgorithm);

    private static Outer Read(AsnReader reader)
    {
        var raw = reader.PeekEncodedValue();
        var request = reader.ReadSequence();
        var signed = request.PeekEncodedValue();
        var info = request.ReadSequence();
        if (!info.TryReadInt32(out var version) || version != 0) throw new MalformedException("the CSR's version is not 0 (RFC 2986 4.1)");
        var subject = info.ReadEncodedValue();
        var key = info.ReadEncodedValue();
        // The field is not optional, but old devices, and `openssl req -asn1-kludge`, leave it out when it is empty.
        var set = info.HasData ? info.ReadSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)) : null;
        var attributes = RequestAttributes.Read(set);
        info.ThrowIfNotEmpty();
        var algorithm = request.ReadEncodedValue();
        var signature = request.ReadWholeBits("the CSR's signature");
        request.ThrowIfNotEmpty();
        return new Outer(raw, signed, subject, key, attributes, algorithm, signature);
    }

    private sealed record Outer(
        ReadOnlyMemory<byte> Raw,
        ReadOnlyMemory<byte> Info,
        ReadOnlyMemory<byte> Subject,
        ReadOnlyMemory<byte> PublicKey,
        RequestAttributes Attributes,
        ReadOnlyMemory<byte> Algorithm,
        ReadOnlyMemory<byte> Signature);
}
