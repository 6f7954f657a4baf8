using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>Makes keys for clients, and wraps them for the way (RFC 7030 section 4.4, ruling 42).</summary>
internal interface IKeyDelivery
{
    /// <summary>Works out, before anything is made or issued, what key is wanted and how it can be delivered.</summary>
    (KeyPlan? Plan, Refusal? Refusal) Plan(CertificationRequest request, Requester requester);
}

/// <summary>A key that can be made and delivered.</summary>
internal abstract class KeyPlan
{
    /// <summary>What will be made.</summary>
    public abstract KeyType KeyType { get; }

    /// <summary>For the audit record: the type, and how it is delivered.</summary>
    public abstract IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Makes the key and wraps it. The private key is gone when this completes, but for what the part holds.</summary>
    /// <returns>Null when too many keys are being made already.</returns>
    /// <exception cref="Sdk.Ca.AuthorityUnavailableException">The CA, which makes keys itself, made none.</exception>
    /// <exception cref="NotSupportedException">It makes none of this kind; the message is for the client.</exception>
    public abstract Task<MadeKey?> MakeAsync(KeyOrder order, CancellationToken cancel);
}

/// <summary>A key that was made.</summary>
/// <param name="PublicKey">To be certified.</param>
/// <param name="Part">The private key as it is delivered.</param>
internal sealed record MadeKey(PublicKeyInfo PublicKey, EstPart Part) : IDisposable
{
    public void Dispose() => Part.Dispose();
}
