using System.Globalization;
using System.Reflection;

namespace Kipuka.Cli.Setup;

/// <summary>The kipuka.toml that <c>init</c> writes: the embedded file beside this one, with its <c>@NAME@</c> marks filled in.</summary>
internal static class ConfigTemplate
{
    private const string Resource = "Kipuka.Cli.Setup.kipuka.toml";

    public static string Fill(int port, int adminPort, string tokenHash, bool argon2)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("@PORT@", port.ToString(CultureInfo.InvariantCulture))
            .Replace("@ADMIN_PORT@", adminPort.ToString(CultureInfo.InvariantCulture))
            .Replace("@TOKEN_HASH@", tokenHash)
            .Replace("@HASH@", argon2 ? "argon2id" : "sha256-hmac")
            .Replace("@HASH_NOTE@", argon2
                ? "Slow to guess, should the database ever leak."
                : "argon2id is the stronger choice, once libargon2.so.1 (Debian: libargon2-1) is installed.");
    }
}
