using System.Runtime.InteropServices;
using System.Text;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>The status of a call (RFC 2744 section 3.9).</summary>
internal static class GssStatus
{
    public const uint ContinueNeeded = 1;

    // Calling errors and routine errors; the rest of the bits only inform.
    private const uint Errors = 0xffff0000;
    private const int MostLines = 8;

    // EPERM, ENOENT, EIO, ENOMEM, EACCES, ENFILE, EMFILE, EFBIG, ENOSPC, EROFS, ENOLCK, EDQUOT. The library passes them on as words alone, because
    // SPNEGO renumbers the codes of what it carries.
    private static readonly string[] LocalFaults = [.. ((int[])[1, 2, 5, 12, 13, 23, 24, 27, 28, 30, 37, 122]).Select(Marshal.GetPInvokeErrorMessage)];

    public static bool Succeeded(uint major) => (major & Errors) == 0;

    /// <exception cref="GssException">The call failed.</exception>
    public static void ThrowIfFailed(uint major, uint minor)
    {
        if (!Succeeded(major))
        {
            throw new GssException(Text(major, minor));
        }
    }

    /// <summary>In the library's words. It remembers only the last failure of this thread, so ask before the next call.</summary>
    public static string Text(uint major, uint minor)
    {
        // "Unspecified GSS failure" and its like add nothing where the mechanism has something to say.
        var detail = minor == 0 ? "" : Lines(minor, GssLibrary.MechanismStatus);
        return detail.Length > 0 ? detail : Lines(major, GssLibrary.GeneralStatus);
    }

    /// <summary>Whether a failure is this computer's (a replay cache that cannot be written), not the client's.</summary>
    public static bool IsLocalFault(string text) => Array.Exists(LocalFaults, fault => text.StartsWith(fault, StringComparison.Ordinal));

    private static string Lines(uint status, int kind)
    {
        var text = new StringBuilder();
        uint more = 0;
        for (var line = 0; line == 0 || (more != 0 && line < MostLines); line++)
        {
            if (!Succeeded(GssLibrary.gss_display_status(out _, status, kind, GssOids.Of(GssOids.Kerberos), ref more, out var buffer)))
            {
                break;
            }
            text.Append(text.Length == 0 ? "" : ": ").Append(Encoding.UTF8.GetString(buffer.Take()));
        }
        return text.ToString();
    }
}
