using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The user name and password of HTTP Basic (RFC 7617), read strictly.</summary>
internal sealed class BasicCredential : IDisposable
{
    /// <summary>Room for the longest entity and token; a longer header is no credential of ours.</summary>
    private const int Longest = 2048;

    private BasicCredential(string user, Secret password)
    {
        User = user;
        Password = password;
    }

    public string User { get; }

    public Secret Password { get; }

    /// <summary>Reads what follows the scheme; null when it is not the one canonical form.</summary>
    public static BasicCredential? Read(ReadOnlySpan<byte> value)
    {
        value = value.TrimStart((byte)' ');
        if (value.Length is 0 or > Longest)
        {
            return null;
        }
        Span<byte> decoded = stackalloc byte[Longest];
        Span<byte> again = stackalloc byte[Longest + 4];
        try
        {
            // The decoder forgives white space and stray bits; encoding again shows both.
            if (Base64.DecodeFromUtf8(value, decoded, out _, out var length) != OperationStatus.Done
                || Base64.EncodeToUtf8(decoded[..length], again, out _, out var written) != OperationStatus.Done
                || !CryptographicOperations.FixedTimeEquals(again[..written], value))
            {
                return null;
            }
            return Split(decoded[..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
            CryptographicOperations.ZeroMemory(again);
        }
    }

    public void Dispose() => Password.Dispose();

    // RFC 7617 section 2: the first colon divides, control characters are not allowed.
    private static BasicCredential? Split(ReadOnlySpan<byte> decoded)
    {
        var colon = decoded.IndexOf((byte)':');
        if (colon < 0 || !Utf8.IsValid(decoded) || decoded.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || decoded.Contains((byte)127))
        {
            return null;
        }
        return new BasicCredential(Encoding.UTF8.GetString(decoded[..colon]), Secret.Copy(decoded[(colon + 1)..]));
    }
}
