using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>bcrypt ($2b$, cost 10: about 60 ms of one core) of libxcrypt. It reads 72 bytes of the secret; ours have at most 64.</summary>
internal static unsafe partial class CryptLibrary
{
    private const string Name = "libcrypt.so.1";
    private const uint Cost = 10;
    private const int LongestSecret = 72;
    private const int SettingLength = 29;
    private const int HashLength = 60;

    // sizeof (struct crypt_data) of libxcrypt, which is the same on every platform.
    private const int StateLength = 32768;

    // The functions with an explicit size are libxcrypt's own; the older libcrypt of glibc knew no bcrypt and has neither.
    public static bool IsPresent
        => NativeLibrary.TryLoad(Name, typeof(CryptLibrary).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "crypt_rn", out _)
            && NativeLibrary.TryGetExport(library, "crypt_gensalt_rn", out _);

    /// <summary>The setting string, such as <c>$2b$10$</c> with 22 characters of salt.</summary>
    public static byte[] Setting(ReadOnlySpan<byte> random)
    {
        var output = new byte[SettingLength + 1];
        return crypt_gensalt_rn("$2b$\0"u8, Cost, random, random.Length, output, output.Length) != 0
            ? output[..SettingLength]
            : throw new InvalidOperationException("libcrypt made no bcrypt setting.");
    }

    public static byte[] Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> setting)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, LongestSecret);
        Span<byte> phrase = stackalloc byte[LongestSecret + 1];
        Span<byte> terminated = stackalloc byte[SettingLength + 1];
        secret.CopyTo(phrase);
        setting[..SettingLength].CopyTo(terminated);
        var state = NativeMemory.AllocZeroed(StateLength);
        try
        {
            var result = (byte*)crypt_rn(phrase, terminated, state, StateLength);
            var text = result is null ? [] : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result);
            return text.Length == HashLength ? text.ToArray() : throw new InvalidOperationException("libcrypt made no bcrypt hash.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(phrase);
            CryptographicOperations.ZeroMemory(new Span<byte>(state, StateLength));
            NativeMemory.Free(state);
        }
    }

    [LibraryImport(Name)]
    private static partial nint crypt_rn(ReadOnlySpan<byte> phrase, ReadOnlySpan<byte> setting, void* state, int length);

    [LibraryImport(Name)]
    private static partial nint crypt_gensalt_rn(
        ReadOnlySpan<byte> prefix, uint cost, ReadOnlySpan<byte> random, int randomLength, Span<byte> output, int outputLength);
}
