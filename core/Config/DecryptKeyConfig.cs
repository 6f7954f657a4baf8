using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[[est.serverkeygen.decrypt_key]]</c>: an AES-256 key that clients have too (RFC 7030 section 4.4.1.1).</summary>
internal sealed record DecryptKeyConfig
{
    private const string HexPrefix = "hex:";
    private const int KeyBytes = 32;

    /// <summary>What a DecryptKeyIdentifier says: the bytes of this text, or those after <c>hex:</c>.</summary>
    [Setting(Min = 1, Max = 256)]
    public required string Id { get; init; }

    /// <summary>The key in hex or base64, usually <c>"${VARIABLE}"</c>.</summary>
    public Secret? Key { get; init; }

    /// <summary>A file with the same.</summary>
    public SecretFile? KeyFile { get; init; }

    /// <summary>The identifier's bytes; null when they cannot be read.</summary>
    public ReadOnlyMemory<byte>? Identifier()
    {
        if (!Id.StartsWith(HexPrefix, StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(Id);
        var digits = Id.AsSpan(HexPrefix.Length);
        var bytes = new byte[digits.Length / 2];
        return digits.Length > 0 && Convert.FromHexString(digits, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length
            ? bytes
            : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>A copy of the key; null when there is none that can be read.</summary>
    public Secret? Open() => (Key ?? KeyFile?.Content) is { } text ? Parse(text.Reveal().Trim(" \t\r\n"u8)) : null;

    private static Secret? Parse(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[KeyBytes + 3];
        int written;
        var status = text.Length == 2 * KeyBytes
            ? Convert.FromHexString(text, key[..KeyBytes], out _, out written)
            : Base64.DecodeFromUtf8(text, key, out _, out written);
        var secret = status == OperationStatus.Done && written == KeyBytes ? Secret.Copy(key[..KeyBytes]) : null;
        CryptographicOperations.ZeroMemory(key);
        return secret;
    }
}
