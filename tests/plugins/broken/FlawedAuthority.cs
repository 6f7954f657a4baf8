using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.TestPlugins.Broken;

/// <summary>A CA.</summary>
internal sealed class FlawedAuthority : FlawedService, ICertificateAuthority, IHealthProbe, IPendingIssuance, IRandomSource, IKeyGeneration, IRevocation
{
    private readonly BrokenCaSettings settings;
    private readonly ECDsa key = ECDsa.Create();
    private readonly AuthorityCertificates certificates;
    private readonly Signer signer;
    private readonly ConcurrentDictionary<Guid, bool> seen = [];
    private readonly ConcurrentDictionary<string, bool> revoked = [];
    private CertificateDraft? last;

    public FlawedAuthority(BrokenCaSettings settings, string flaw)
        : base(flaw)
    {
        this.settings = settings;
        key.ImportFromPem(Encoding.ASCII.GetString(settings.Key.Content.Reveal()));
        certificates = settings.LoadCertificates();
        if (flaw == "chain")
        {
            certificates = UnderExpiredRoot();
        }
        var issuer = flaw switch
        {
            "issuer-name" => Variant("CN=Somebody else", Identifier(certificates.Issuer)),
            "authority-key-identifier" => Variant(certificates.Issuer.Subject, RandomNumberGenerator.GetBytes(20)),
            _ => certificates.Issuer,
        };
        signer = new Signer(certificates with { Issuer = issuer }, SignatureScheme.For(issuer), key);
    }

    public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel)
        => new(Has("certificates") ? certificates with { Published = [.. certificates.Published, .. certificates.Published] } : certificates);

    public async ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel)
    {
        Enter(cancel);
        if (File.Exists(settings.Away.FullPath))
        {
            throw new AuthorityUnavailableException("it is away", mayHaveIssued: Has("outage"));
        }
        if (draft.Profile == "refused")
        {
            return Has("refusal") ? throw new InvalidOperationException("Refused.") : new IssueResult.Refused("this profile is not for you");
        }
        if (Has("issues") && draft.SubjectPublicKeyInfo.Length == 158)
        {
            throw new NotSupportedException("P-521?");
        }
        last = draft;
        if (await CollidesAsync())
        {
            draft = last;
        }
        File.AppendAllText(settings.Made.FullPath, "one\n");
        var issued = (IssueResult.Issued)await signer.IssueAsync(Alter(draft), cancel);
        return Has("signature") ? new IssueResult.Issued(Flip(issued.Certificate)) : issued;
    }

    public ValueTask<IssueResult> ResumeAsync(string ticket, CertificateDraft draft, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask AbandonAsync(string ticket, string reason, CancellationToken cancel)
        => Has("pending") ? throw new KeyNotFoundException("No such ticket.") : default;

    public ValueTask ProbeAsync(CancellationToken cancel)
    {
        Enter(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        if (Has("probe-makes-nothing"))
        {
            File.AppendAllText(settings.Made.FullPath, "one\n");
        }
        return Has("probe") ? throw new InvalidOperationException("It does not feel well.") : default;
    }

    public ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        RandomNumberGenerator.Fill(bytes.Span);
        if (Has("random"))
        {
            bytes.Span.Fill(7);
        }
        return default;
    }

    public ValueTask<GeneratedKey> GenerateKeyAsync(Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel)
    {
        if (spec.Algorithm != "ecdsa-p256")
        {
            throw new NotSupportedException("P-256 only.");
        }
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(new GeneratedKey(Secret.Copy(made.ExportPkcs8PrivateKey()), Has("key-generation") ? key.ExportSubjectPublicKeyInfo() : made.ExportSubjectPublicKeyInfo()));
    }

    public ValueTask RevokeAsync(ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel)
    {
        Enter(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        var isNew = revoked.TryAdd(Convert.ToHexString(serial.Span), true);
        return Has("revocation") && !isNew ? throw new InvalidOperationException("It is revoked already.") : default;
    }

    private CertificateDraft Alter(CertificateDraft draft) => Flaw switch
    {
        "serial" => draft with { Serial = Flip(draft.Serial) },
        "validity" => draft with { NotAfter = draft.NotAfter.AddSeconds(-1) },
        "subject" => draft with { Subject = new X500DistinguishedName("CN=somebody else") },
        "public-key" => draft with { SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo() },
        "extensions" => draft with { Extensions = [.. draft.Extensions.Select(extension => new X509Extension(extension.Oid!, extension.RawData, false))] },
        "same-transaction" when !seen.TryAdd(draft.Transaction, true) => draft with { NotAfter = draft.NotAfter.AddSeconds(-1) },
        _ => draft,
    };

    private static byte[] Flip(ReadOnlyMemory<byte> bytes)
    {
        var copy = bytes.ToArray();
        copy[^1] ^= 1;
        return copy;
    }

    private static byte[] Identifier(X509Certificate2 issuer) => issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First().SubjectKeyIdentifierBytes.ToArray();

    private X509Certificate2 Variant(string name, byte[] identifier)
    {
        var request = Request(name, key, identifier);
        return request.CreateSelfSigned(certificates.Issuer.NotBefore, certificates.Issuer.NotAfter);
    }

    private AuthorityCertificates UnderExpiredRoot()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Request("CN=Expired root", rootKey, [1, 2, 3]).CreateSelfSigned(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2002, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var request = Request("CN=Issuer", key, [4, 5, 6]);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([1, 2, 3]));
        var (from, to) = (certificates.Issuer.NotBefore, certificates.Issuer.NotAfter);
        var issuer = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), from, to, [7]);
        return new AuthorityCertificates(issuer, [issuer, X509CertificateLoader.LoadCertificate(root.RawData)]);
    }

    private static CertificateRequest Request(string name, ECDsa key, byte[] identifier)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(identifier, false));
        return request;
    }

    private sealed class Signer(AuthorityCertificates certificates, SignatureScheme scheme, ECDsa key) : SigningAuthority(certificates, scheme)
    {
        protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
            => new(key.SignData(data.Span, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence));

        public override ValueTask DisposeAsync() => default;
    }
}
