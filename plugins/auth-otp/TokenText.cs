using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>
/// The text of a token: a public selector that finds it, then the secret. The selector is made of the token's id, so that the id alone
/// finds the token too; it is lower case because not every database tells cases apart.
/// </summary>
internal static class TokenText
{
    public const int SelectorLength = 12;
    public const int ShortestSecret = 16;
    public const int LongestSecret = 64;

    private static readonly SearchValues<byte> SelectorCharacters = SearchValues.Create(SelectorAlphabet);
    private static readonly SearchValues<byte> SecretCharacters = SearchValues.Create(SecretAlphabet);

    private static ReadOnlySpan<byte> SelectorAlphabet => "abcdefghijklmnopqrstuvwxyz234567"u8;

    private static ReadOnlySpan<byte> SecretAlphabet => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>A random UUID (RFC 9562 version 4), all of it from the cryptographic generator.</summary>
    public static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>60 bits of the id's SHA-256, five to a character.</summary>
    public static string Selector(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        Span<char> selector = stackalloc char[SelectorLength];
        for (var index = 0; index < selector.Length; index++)
        {
            selector[index] = (char)SelectorAlphabet[hash[index] & 31];
        }
        return new string(selector);
    }

    /// <summary>Fills with characters of the secret's alphabet, each equally likely.</summary>
    public static void FillSecret(Span<byte> secret) => RandomNumberGenerator.GetItems(SecretAlphabet, secret);

    /// <summary>Splits what a client sent. False when it cannot be a token.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out string selector, out ReadOnlySpan<byte> secret)
    {
        selector = "";
        secret = [];
        if (text.Length is < SelectorLength + ShortestSecret or > SelectorLength + LongestSecret
            || text[..SelectorLength].ContainsAnyExcept(SelectorCharacters)
            || text[SelectorLength..].ContainsAnyExcept(SecretCharacters))
        {
            return false;
        }
        selector = Encoding.ASCII.GetString(text[..SelectorLength]);
        secret = text[SelectorLength..];
        return true;
    }
}
