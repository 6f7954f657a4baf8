using System.Runtime.InteropServices;

namespace Kipuka.Cli.Setup;

/// <summary>Whether passwords can be hashed with argon2id here (ruling 61).</summary>
internal static class Argon2
{
    public const string AbsentNote =
        "libargon2.so.1 is not on this machine, so kipuka.toml hashes one-time passwords with sha256-hmac. "
        + "Install it (Debian: libargon2-1) and set hash_algorithm = \"argon2id\" in [otp] for the stronger default.";

    public static bool IsPresent
    {
        get
        {
            if (!NativeLibrary.TryLoad("libargon2.so.1", out var library))
            {
                return false;
            }
            NativeLibrary.Free(library);
            return true;
        }
    }
}
