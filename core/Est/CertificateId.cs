using System.Buffers;
using System.Buffers.Text;
using Kipuka.Pki;

namespace Kipuka.Est;

/// <summary>
/// Names a certificate in a path: the authority's key identifier and the serial number, each in base64url without padding, with a period
/// between (draft-ietf-lamps-est-renewal-info, as RFC 9773 section 4.1).
/// </summary>
/// <param name="AuthorityKey">The keyIdentifier of the certificate's authority key identifier.</param>
/// <param name="SerialHex">The serial number, as the ledger writes it.</param>
internal sealed record CertificateId(ReadOnlyMemory<byte> AuthorityKey, string SerialHex)
{
    // Key identifiers are hashes; serial numbers have 20 octets at most (RFC 5280 section 4.1.2.2), one more for the sign.
    private const int MostKeyBytes = 64;
    private const int MostSerialBytes = 21;

    /// <returns>Null when the text is none.</returns>
    public static CertificateId? Parse(string? text)
    {
        var parts = (text ?? "").Split('.');
        return parts.Length == 2 && Decode(parts[0], MostKeyBytes) is { } key && Decode(parts[1], MostSerialBytes) is { } serial && IsSerial(serial)
            ? new CertificateId(key, SerialNumbers.Format(serial))
            : null;
    }

    /// <summary>The text of a certificate; null when it has no authority key identifier.</summary>
    public static string? Of(CertificateFields certificate) => certificate.AuthorityKeyIdentifier is { } key
        ? $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(certificate.SerialNumber.Span)}"
        : null;

    // Encoded again and compared: a certificate has one name.
    private static byte[]? Decode(string text, int most)
    {
        var bytes = new byte[most];
        return text.Length > 0 && Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done
            && Base64Url.EncodeToString(bytes.AsSpan(0, length)) == text
            ? bytes[..length]
            : null;
    }

    // The content of a DER INTEGER that is not negative.
    private static bool IsSerial(byte[] serial) => serial[0] < 0x80 && (serial[0] != 0 || serial.Length == 1 || serial[1] >= 0x80);
}
