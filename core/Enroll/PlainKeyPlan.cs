using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>A key that is protected by TLS alone (RFC 7030 section 4.4.2).</summary>
internal sealed class PlainKeyPlan(KeyType type, KeyMaker maker) : KeyPlan
{
    public override KeyType KeyType => type;

    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string> { ["key_type"] = type.Name, ["delivery"] = "plain" };

    public override async Task<MadeKey?> MakeAsync(KeyOrder order, CancellationToken cancel)
    {
        using var key = await maker.MakeAsync(type, order, cancel);
        return key is null ? null : new MadeKey(key.PublicKey, new EstPart(EstContent.PrivateKey, Secret.Copy(key.PrivateKey)));
    }
}
