using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Tests.Ca;

/// <summary>A CA that does what the test says: answers rightly, wrongly, late or never.</summary>
internal sealed class ScriptedAuthority : ICertificateAuthority, IHealthProbe
{
    public static readonly DateTimeOffset Now = new(2026, 6, 24, 14, 0, 0, TimeSpan.Zero);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ScriptedAuthority(DateTimeOffset? notAfter = null, bool withChain = true, bool withKeyIdentifier = true)
    {
        var request = new CertificateRequest("CN=Scripted CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (withKeyIdentifier) request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (withChain)
        {
            Issuer = request.CreateSelfSigned(Now.AddYears(-1), notAfter ?? Now.AddYears(10));
        }
        else
        {
            using var above = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Issuer = request.Create(
                new X500DistinguishedName("CN=Absent Root"), X509SignatureGenerator.CreateForECDsa(above), Now.AddYears(-1), Now.AddYears(10), [1]);
        }
        IssueCall = (draft, _) => new(new IssueResult.Issued(Certify(draft)));
        ProbeCall = _ => default;
        CertificatesCall = _ => new(new AuthorityCertificates(Issuer, [Issuer]));
    }

    public X509Certificate2 Issuer { get; }

    public Func<CertificateDraft, CancellationToken, ValueTask<IssueResult>> IssueCall { get; set; }

    public Func<CancellationToken, ValueTask> ProbeCall { get; set; }

    public Func<CancellationToken, ValueTask<AuthorityCertificates>> CertificatesCall { get; set; }

    public int Probes { get; private set; }

    public int Issues { get; private set; }

    public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel) => CertificatesCall(cancel);

    public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel)
    {
        Issues++;
        return IssueCall(draft, cancel);
    }

    public ValueTask ProbeAsync(CancellationToken cancel)
    {
        Probes++;
        return ProbeCall(cancel);
    }

    public ValueTask DisposeAsync() => default;

    public async Task<GuardedAuthority> GuardAsync(TimeProvider clock, string id = "default", TimeSpan? timeout = null)
    {
        var authority = new GuardedAuthority(new CaConfig { Id = id, Timeout = timeout ?? TimeSpan.FromSeconds(30) }, "scripted", this, clock);
        await authority.ConnectAsync(default);
        return authority;
    }

    /// <summary>The certificate for a draft, with whatever the test changes about it.</summary>
    public byte[] Certify(
        CertificateDraft draft, X500DistinguishedName? issuer = null, byte[]? keyIdentifier = null, bool withKeyIdentifier = true, ECDsa? signer = null,
        byte[]? negativeSerial = null)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) der.WriteInteger(2);
            if (negativeSerial is null) der.WriteIntegerUnsigned(draft.Serial.Span);
            else der.WriteInteger(negativeSerial);
            WriteAlgorithm(der);
            der.WriteEncodedValue((issuer ?? Issuer.SubjectName).RawData);
            using (der.PushSequence())
            {
                der.WriteUtcTime(draft.NotBefore);
                der.WriteUtcTime(draft.NotAfter);
            }
            der.WriteEncodedValue(draft.Subject.RawData);
            der.WriteEncodedValue(draft.SubjectPublicKeyInfo.Span);
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (der.PushSequence())
            {
                foreach (var extension in draft.Extensions) WriteExtension(der, extension);
                if (withKeyIdentifier) WriteExtension(der, AuthorityKeyIdentifier(keyIdentifier));
            }
        }
        var tbs = der.Encode();
        der.Reset();
        using (der.PushSequence())
        {
            der.WriteEncodedValue(tbs);
            WriteAlgorithm(der);
            der.WriteBitString((signer ?? key).SignData(tbs, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        return der.Encode();
    }

    public static CertificateDraft Draft()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateDraft
        {
            Transaction = Guid.NewGuid(),
            Profile = "",
            Subject = new X500DistinguishedName("CN=device.example"),
            SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo(),
            Extensions =
            [
                new X509BasicConstraintsExtension(false, false, 0, true),
                new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true),
            ],
            NotBefore = Now,
            NotAfter = Now.AddDays(90),
            Serial = (byte[])[0x11, .. RandomNumberGenerator.GetBytes(19)],
        };
    }

    private X509AuthorityKeyIdentifierExtension AuthorityKeyIdentifier(byte[]? identifier) => identifier is null
        ? X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Issuer, true, false)
        : X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier);

    private static void WriteAlgorithm(AsnWriter der)
    {
        using (der.PushSequence()) der.WriteObjectIdentifier("1.2.840.10045.4.3.2");
    }

    private static void WriteExtension(AsnWriter der, X509Extension extension)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical) der.WriteBoolean(true);
            der.WriteOctetString(extension.RawData);
        }
    }
}
