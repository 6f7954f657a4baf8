using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>A key that opens envelopes.</summary>
internal abstract class EnvelopeKey
{
    /// <summary>The tag of the RecipientInfos that may be for it.</summary>
    public abstract Asn1Tag Tag { get; }

    /// <summary>The content-encryption key of a recipient.</summary>
    /// <param name="recipient">The content of the RecipientInfo.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is for another key.</exception>
    /// <exception cref="MalformedException">It cannot be read, or its algorithm is not one of ours.</exception>
    public abstract PinnedBuffer Unwrap(AsnReader recipient);

    /// <summary>Reads a version, which tells nothing that the structure does not.</summary>
    protected static void SkipVersion(AsnReader recipient)
    {
        if (!recipient.TryReadInt32(out var version) || version is < 0 or > 4) throw new MalformedException("a recipient has an unknown version");
    }
}
