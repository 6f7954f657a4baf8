using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Argon2id (RFC 9106) of libargon2 with 19 MiB, two passes and one lane: about 35 ms of one core.</summary>
internal static partial class Argon2Library
{
    private const string Name = "libargon2.so.1";
    private const uint Passes = 2;
    private const uint MemoryKibibytes = 19 * 1024;
    private const uint Lanes = 1;
    private const int HashLength = 32;

    public static bool IsPresent
        => NativeLibrary.TryLoad(Name, typeof(Argon2Library).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "argon2id_hash_raw", out _);

    public static byte[] Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt)
        => Hash(secret, salt, Passes, MemoryKibibytes, Lanes);

    internal static byte[] Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, uint passes, uint kibibytes, uint lanes)
    {
        var hash = new byte[HashLength];
        var error = argon2id_hash_raw(
            passes, kibibytes, lanes, secret, (nuint)secret.Length, salt, (nuint)salt.Length, hash, (nuint)hash.Length);
        return error == 0 ? hash : throw new InvalidOperationException($"libargon2 answered with error {error}.");
    }

    [LibraryImport(Name)]
    private static partial int argon2id_hash_raw(
        uint passes, uint kibibytes, uint lanes, ReadOnlySpan<byte> secret, nuint secretLength, ReadOnlySpan<byte> salt, nuint saltLength,
        Span<byte> hash, nuint hashLength);
}
