using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>The functions of MIT Kerberos' GSS-API (RFC 2744) that an acceptor needs. Every call is synchronous and safe on any thread.</summary>
internal static unsafe partial class GssLibrary
{
    public const int AcceptOnly = 2;
    public const int MechanismStatus = 2;
    public const int GeneralStatus = 1;

    private const string Name = "libgssapi_krb5.so.2";

    public static bool IsPresent
        => NativeLibrary.TryLoad(Name, typeof(GssLibrary).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "gss_acquire_cred_from", out _);

    [LibraryImport(Name)]
    public static partial uint gss_import_name(out uint minor, in GssBuffer text, in GssOid type, out nint name);

    [LibraryImport(Name)]
    public static partial uint gss_display_name(out uint minor, nint name, out GssBuffer text, out GssOid* type);

    [LibraryImport(Name)]
    public static partial uint gss_release_name(out uint minor, ref nint name);

    [LibraryImport(Name)]
    public static partial uint gss_acquire_cred_from(
        out uint minor, nint name, uint lifetime, in GssOidSet mechanisms, int usage, in GssStore store, out nint credential, nint actual, nint actualLifetime);

    [LibraryImport(Name)]
    public static partial uint gss_set_neg_mechs(out uint minor, nint credential, in GssOidSet mechanisms);

    [LibraryImport(Name)]
    public static partial uint gss_release_cred(out uint minor, ref nint credential);

    [LibraryImport(Name)]
    public static partial uint gss_accept_sec_context(
        out uint minor, ref nint context, nint credential, in GssBuffer token, nint bindings, out nint source, out GssOid* mechanism, out GssBuffer answer,
        out uint flags, nint lifetime, nint delegated);

    [LibraryImport(Name)]
    public static partial uint gss_delete_sec_context(out uint minor, ref nint context, nint token);

    [LibraryImport(Name)]
    public static partial uint gss_release_buffer(out uint minor, ref GssBuffer buffer);

    [LibraryImport(Name)]
    public static partial uint gss_display_status(out uint minor, uint status, int kind, in GssOid mechanism, ref uint more, out GssBuffer text);
}
