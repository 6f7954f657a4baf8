using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>The token of an <c>Authorization: Negotiate</c> header (RFC 4559 section 4.2), decoded. Zeroed when disposed: until it was used, it is a password.</summary>
internal sealed class NegotiateToken : IDisposable
{
    public const int Longest = 64 << 10;

    // RFC 2743 section 3.1: how the first token of any exchange begins, SPNEGO or Kerberos by itself. Later ones have other tags.
    private const byte InitialTag = 0x60;

    private readonly byte[] bytes;

    private NegotiateToken(byte[] bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Bytes => bytes;

    public bool IsInitial => bytes[0] == InitialTag;

    /// <summary>Null with a reason when it is none that this method takes.</summary>
    public static NegotiateToken? Read(ReadOnlySpan<byte> base64, out string reason)
    {
        if (base64.IsEmpty)
        {
            reason = "the Negotiate header has no token";
            return null;
        }
        if (base64.Length > Base64.GetMaxEncodedToUtf8Length(Longest))
        {
            reason = $"the token is larger than {Longest >> 10} KiB";
            return null;
        }
        var buffer = GC.AllocateUninitializedArray<byte>(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        if (Base64.DecodeFromUtf8(base64, buffer, out _, out var written) != OperationStatus.Done || written == 0)
        {
            reason = "the token is not base64";
            return null;
        }
        var token = new NegotiateToken(buffer[..written]);
        CryptographicOperations.ZeroMemory(buffer);
        if (token.Bytes.StartsWith("NTLMSSP\0"u8))
        {
            token.Dispose();
            reason = "NTLM is not accepted, only Kerberos: the client has no ticket for this service";
            return null;
        }
        reason = "";
        return token;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
