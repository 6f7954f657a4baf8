namespace Kipuka.Store;

/// <summary>A certificate as a CA returned it, with what the ledger looks it up by.</summary>
/// <param name="Der">The certificate.</param>
/// <param name="Sha256">SHA-256 of the DER.</param>
/// <param name="SerialHex">The serial number in it, lower-case hex without separators.</param>
/// <param name="SubjectText">The subject, as text for people and filters.</param>
/// <param name="IssuerText">The issuer, as text for people and filters.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="KeyType">Such as <c>ecdsa-p256</c>.</param>
internal sealed record IssuedCertificate(
    ReadOnlyMemory<byte> Der,
    ReadOnlyMemory<byte> Sha256,
    string SerialHex,
    string SubjectText,
    string IssuerText,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    string KeyType)
{
    /// <summary>Stands for subject and alternative names, the same for equal names; empty when it was not recorded.</summary>
    public ReadOnlyMemory<byte> Names { get; init; }
}
