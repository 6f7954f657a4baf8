using System.Runtime.InteropServices;
using System.Text;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>The service's key as an acceptor uses it: one principal of one keytab, Kerberos only, with a replay cache.</summary>
internal sealed unsafe class GssCredential() : SafeHandle(0, ownsHandle: true)
{
    // Not what the environment says: KRB5RCACHETYPE=none would take a captured token twice.
    private const string ReplayCache = "dfl:";

    public override bool IsInvalid => handle == 0;

    /// <exception cref="GssException">The keytab cannot be read or has no key for the principal.</exception>
    public static GssCredential Acquire(string principal, string keytab)
    {
        var kerberos = GssOids.Of(GssOids.Kerberos);
        var mechanisms = stackalloc[] { kerberos, GssOids.Of(GssOids.Spnego) };
        var name = Import(principal);
        try
        {
            fixed (byte* keytabKey = Text("keytab"), keytabValue = Text($"FILE:{keytab}"), cacheKey = Text("rcache"), cacheValue = Text(ReplayCache))
            {
                var entries = stackalloc GssStoreEntry[]
                {
                    new GssStoreEntry { Key = keytabKey, Value = keytabValue }, new GssStoreEntry { Key = cacheKey, Value = cacheValue },
                };
                var credential = new GssCredential();
                var major = GssLibrary.gss_acquire_cred_from(
                    out var minor, name, 0, new GssOidSet { Count = 2, Elements = mechanisms }, GssLibrary.AcceptOnly,
                    new GssStore { Count = 2, Elements = entries }, out credential.handle, 0, 0);
                GssStatus.ThrowIfFailed(major, minor);
                // What SPNEGO may choose from. Other mechanisms that the system has (NTLM) are not on offer.
                major = GssLibrary.gss_set_neg_mechs(out minor, credential.handle, new GssOidSet { Count = 1, Elements = &kerberos });
                GssStatus.ThrowIfFailed(major, minor);
                return credential;
            }
        }
        finally
        {
            _ = GssLibrary.gss_release_name(out _, ref name);
        }
    }

    protected override bool ReleaseHandle() => GssStatus.Succeeded(GssLibrary.gss_release_cred(out _, ref handle));

    private static nint Import(string principal)
    {
        var bytes = Encoding.UTF8.GetBytes(principal);
        fixed (byte* text = bytes)
        {
            var major = GssLibrary.gss_import_name(
                out var minor, new GssBuffer { Length = (nuint)bytes.Length, Value = text }, GssOids.Of(GssOids.PrincipalName), out var name);
            GssStatus.ThrowIfFailed(major, minor);
            return name;
        }
    }

    private static byte[] Text(string value) => Encoding.UTF8.GetBytes(value + '\0');
}
