using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>A certificate as policy approved it, before signing. Only the host's policy makes drafts.</summary>
public sealed record CertificateDraft
{
    /// <summary>The ledger's transaction: the same in every repeat.</summary>
    public required Guid Transaction { get; init; }

    /// <summary>The label it is issued under; empty for the unlabelled path. A CA with profiles of its own may map it.</summary>
    public required string Profile { get; init; }

    /// <summary>The subject (RFC 5280 section 4.1.2.6), text encoded as UTF8String.</summary>
    public required X500DistinguishedName Subject { get; init; }

    /// <summary>The key to certify: a DER SubjectPublicKeyInfo.</summary>
    public required ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; init; }

    /// <summary>All extensions except the authority key identifier, which only the issuer knows; in the order to encode, no OID twice.</summary>
    public required IReadOnlyList<X509Extension> Extensions { get; init; }

    /// <summary>Start of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End of validity (inclusive, RFC 5280 section 4.1.2.5), UTC, whole seconds; never after the issuer's own.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The serial number: 20 bytes, big-endian, positive, from a CSPRNG. Durable in the ledger before any CA is called.</summary>
    public required ReadOnlyMemory<byte> Serial { get; init; }
}
