using Kipuka.Pki;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>A key that only its recipient can open (RFC 7030 section 4.4.2).</summary>
internal sealed class EnvelopedKeyPlan(
    KeyType type, KeyMaker maker, EnvelopeRecipient recipient, ContentCipher cipher, MessageSigner signer, TimeProvider clock) : KeyPlan
{
    public override KeyType KeyType => type;

    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>
    {
        ["key_type"] = type.Name,
        ["delivery"] = recipient.Kind,
        ["cipher"] = cipher.Name,
    };

    public override async Task<MadeKey?> MakeAsync(KeyOrder order, CancellationToken cancel)
    {
        using var key = await maker.MakeAsync(type, order, cancel);
        return key is null ? null : new MadeKey(
            key.PublicKey, new EstPart(EstContent.EnvelopedKey, KeyPackage.Protect(key.PrivateKey, signer, recipient, cipher, clock.GetUtcNow())));
    }
}
