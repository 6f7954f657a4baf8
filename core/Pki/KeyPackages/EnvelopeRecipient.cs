using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>Who can open an envelope: writes the RecipientInfo that holds the content-encryption key (RFC 5652 section 6.2).</summary>
internal abstract class EnvelopeRecipient
{
    private const int LeastRsaBits = 2048;

    /// <summary>How the audit calls it.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether its RecipientInfo has version 0, which sets the version of the EnvelopedData (RFC 5652 section 6.1).</summary>
    public virtual bool IsVersion0 => false;

    public abstract void Write(AsnWriter writer, ReadOnlySpan<byte> contentKey);

    /// <summary>The holder of a public key's other half.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="id">How to name it.</param>
    /// <param name="wrapKeyBytes">For key agreement, the size of the AES key that wraps.</param>
    /// <exception cref="MalformedException">Nothing can be encrypted to a key of this type.</exception>
    public static EnvelopeRecipient For(PublicKeyInfo key, RecipientId id, int wrapKeyBytes) => key.KeyType.Family switch
    {
        KeyFamily.Rsa when key.KeyBits >= LeastRsaBits => new KeyTransRecipient(key, id),
        KeyFamily.Rsa => throw new MalformedException(
            $"a private key is encrypted to RSA keys of {LeastRsaBits} bits or more; this one has {key.KeyBits}"),
        KeyFamily.Ecdsa => new KeyAgreeRecipient(key, id, wrapKeyBytes),
        _ => throw new MalformedException($"a private key can be encrypted to RSA and EC keys, not to {key.KeyType}"),
    };
}
