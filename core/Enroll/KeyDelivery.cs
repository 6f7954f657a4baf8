using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;

namespace Kipuka.Enroll;

/// <summary>Decides what key is made for a client, and who can open it (RFC 7030 section 4.4.1, ruling 42).</summary>
internal sealed class KeyDelivery : IKeyDelivery, IDisposable
{
    private readonly KeyMaker _maker;
    private readonly MessageSigner _signer;
    private readonly TimeProvider _clock;
    private readonly KeyType? _keyType;
    private readonly bool _alwaysEncrypted;
    private readonly List<(ReadOnlyMemory<byte> Id, Secret Key)> _decryptKeys = [];

    /// <param name="config">Checked. Its secrets are copied.</param>
    /// <param name="maker">Makes the keys.</param>
    /// <param name="signer">Signs them; belongs to this from now on.</param>
    /// <param name="clock">The clock.</param>
    public KeyDelivery(ServerKeyGenConfig config, KeyMaker maker, MessageSigner signer, TimeProvider clock)
    {
        _maker = maker;
        _signer = signer;
        _clock = clock;
        _keyType = config.KeyType is { } name && KeyType.TryParse(name, out var type) ? type : null;
        _alwaysEncrypted = config.Encryption == "required";
        foreach (var key in config.DecryptKeys)
        {
            _decryptKeys.Add((key.Identifier()!.Value, key.Open()!));
        }
    }

    public (KeyPlan? Plan, Refusal? Refusal) Plan(CertificationRequest request, Requester requester)
    {
        var type = _keyType ?? request.PublicKey.KeyType;
        if (!GeneratedKey.CanMake(type))
        {
            return (null, new Refusal(
                RefusalKind.Policy, "key-type", $"this server makes no keys of type {type}; it makes {string.Join(", ", KeyType.Supported)}"));
        }
        try
        {
            var capabilities = SmimeCapabilities.Read(request.Attributes);
            return (Recipient(request, requester, capabilities) is { } recipient
                ? new EnvelopedKeyPlan(type, _maker, recipient, capabilities.ChooseCipher(), _signer, _clock)
                : new PlainKeyPlan(type, _maker), null);
        }
        catch (MalformedException fault)
        {
            return (null, new Refusal(RefusalKind.Malformed, "key-encryption", fault.Message));
        }
    }

    public void Dispose()
    {
        _signer.Dispose();
        foreach (var (_, key) in _decryptKeys)
        {
            key.Dispose();
        }
    }

    // Null where the key goes in the clear, under TLS alone.
    private EnvelopeRecipient? Recipient(CertificationRequest request, Requester requester, SmimeCapabilities capabilities)
    {
        switch (request)
        {
            case { DecryptKeyIdentifier: not null, AsymmetricDecryptKeyIdentifier: not null }:
                throw new MalformedException("the request has both a DecryptKeyIdentifier and an AsymmetricDecryptKeyIdentifier; send one (RFC 7030 section 4.4.1)");
            case { DecryptKeyIdentifier: { } id }:
                return Symmetric(id, capabilities);
            case { AsymmetricDecryptKeyIdentifier: { } id }:
                return Asymmetric(id, request, requester, capabilities);
            default:
                return _alwaysEncrypted ? ToKey(request.PublicKey, new RecipientId(request.PublicKey.KeyIdentifier()), capabilities) : null;
        }
    }

    private KekRecipient Symmetric(ReadOnlyMemory<byte> id, SmimeCapabilities capabilities)
    {
        var found = _decryptKeys.Find(known => known.Id.Span.SequenceEqual(id.Span)).Key
            ?? throw new MalformedException("the DecryptKeyIdentifier names no key that this server has (RFC 7030 section 4.4.1.1)");
        capabilities.CheckWrap(found.Length);
        return new KekRecipient(id, found);
    }

    // The identifiers are those of RFC 5280 section 4.2.1.2, which certificates carry.
    private static EnvelopeRecipient Asymmetric(
        ReadOnlyMemory<byte> id, CertificationRequest request, Requester requester, SmimeCapabilities capabilities)
    {
        if (request.PublicKey.KeyIdentifier().AsSpan().SequenceEqual(id.Span))
        {
            return ToKey(request.PublicKey, new RecipientId(id), capabilities);
        }
        if (requester.Certificate is { } certificate && Identifies(id.Span, certificate))
        {
            CheckUsage(certificate);
            return ToKey(certificate.PublicKey, new RecipientId(certificate), capabilities);
        }
        throw new MalformedException(
            "the AsymmetricDecryptKeyIdentifier names no key that this server has: neither the request's nor that of the client certificate "
            + "that it was authenticated with (RFC 7030 section 4.4.1.2)");
    }

    private static EnvelopeRecipient ToKey(PublicKeyInfo key, RecipientId id, SmimeCapabilities capabilities)
    {
        capabilities.CheckRecipient(key.KeyType);
        return EnvelopeRecipient.For(key, id, key.KeyType.Family == KeyFamily.Ecdsa ? capabilities.ChooseWrap() : 0);
    }

    private static bool Identifies(ReadOnlySpan<byte> id, CertificateFields certificate)
        => certificate.SubjectKeyIdentifier is { } own ? own.Span.SequenceEqual(id) : certificate.PublicKey.KeyIdentifier().AsSpan().SequenceEqual(id);

    private static void CheckUsage(CertificateFields certificate)
    {
        var (needed, name) = certificate.PublicKey.KeyType.Family == KeyFamily.Rsa
            ? (X509KeyUsageFlags.KeyEncipherment, "keyEncipherment")
            : (X509KeyUsageFlags.KeyAgreement, "keyAgreement");
        if (certificate.KeyUsage is { } usage && (usage & needed) == 0)
        {
            throw new MalformedException(
                $"the AsymmetricDecryptKeyIdentifier names a certificate without the key usage {name} (RFC 7030 section 4.4.1.2)");
        }
    }
}
