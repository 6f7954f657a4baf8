using System.Security.Cryptography;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Hashes secrets and compares them, in constant time. The cost belongs to the name: another cost is another name.</summary>
internal static class SecretHash
{
    public const string Argon2id = "argon2id";
    public const string Bcrypt = "bcrypt";
    public const string Hmac = "sha256-hmac";

    private const int SaltLength = 16;

    /// <summary>Null when the algorithm can work here, else a sentence for the operator.</summary>
    public static string? Missing(string algorithm) => algorithm switch
    {
        Argon2id => Missing(Argon2id, Argon2Library.IsPresent),
        Bcrypt => Missing(Bcrypt, CryptLibrary.IsPresent),
        _ => null,
    };

    internal static string? Missing(string algorithm, bool isPresent) => (algorithm, isPresent) switch
    {
        (Argon2id, false) => "hash_algorithm = \"argon2id\" needs libargon2.so.1, which is not installed: install the Debian package "
            + "libargon2-1, or set hash_algorithm = \"bcrypt\" or \"sha256-hmac\".",
        (Bcrypt, false) => "hash_algorithm = \"bcrypt\" needs libcrypt.so.1 of libxcrypt, which is not installed: install the Debian "
            + "package libcrypt1, or set hash_algorithm = \"argon2id\" or \"sha256-hmac\".",
        _ => null,
    };

    public static HashedSecret Create(string algorithm, ReadOnlySpan<byte> secret)
    {
        var random = RandomNumberGenerator.GetBytes(SaltLength);
        var salt = algorithm == Bcrypt ? CryptLibrary.Setting(random) : random;
        return new HashedSecret(algorithm, salt, Compute(algorithm, secret, salt));
    }

    public static bool Matches(HashedSecret stored, ReadOnlySpan<byte> secret)
    {
        var computed = Compute(stored.Algorithm, secret, stored.Salt);
        try
        {
            return CryptographicOperations.FixedTimeEquals(computed, stored.Hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(computed);
        }
    }

    private static byte[] Compute(string algorithm, ReadOnlySpan<byte> secret, byte[] salt) => algorithm switch
    {
        Argon2id => Argon2Library.Hash(secret, salt),
        Bcrypt => CryptLibrary.Hash(secret, salt),
        Hmac => HMACSHA256.HashData(salt, secret),
        _ => throw new NotSupportedException($"A token was stored with the hash \"{algorithm}\", which this version does not know."),
    };
}
