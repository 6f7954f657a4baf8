using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>One exchange with one client, from its first token to the last. Not for concurrent use.</summary>
internal sealed unsafe class GssContext(GssCredential credential) : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>Takes the client's next token.</summary>
    /// <exception cref="GssException">This computer is at fault, not the token.</exception>
    public GssStep Accept(ReadOnlySpan<byte> token)
    {
        nint name = 0;
        try
        {
            fixed (byte* bytes = token)
            {
                var major = GssLibrary.gss_accept_sec_context(
                    out var minor, ref handle, credential.DangerousGetHandle(), new GssBuffer { Length = (nuint)token.Length, Value = bytes }, 0,
                    out name, out var mechanism, out var answer, out _, 0, 0);
                // Before anything else: the library remembers the words of its last failure only.
                var failure = GssStatus.Succeeded(major) ? null : GssStatus.Text(major, minor);
                var reply = answer.Take();
                if (failure is not null)
                {
                    return GssStatus.IsLocalFault(failure) ? throw new GssException(failure) : new GssStep.Failed(failure);
                }
                if ((major & GssStatus.ContinueNeeded) != 0)
                {
                    return new GssStep.Further(reply);
                }
                return mechanism != null && mechanism->Bytes.SequenceEqual(GssOids.Kerberos)
                    ? new GssStep.Done(Display(name), reply)
                    : new GssStep.Failed("the mechanism is not Kerberos");
            }
        }
        finally
        {
            if (name != 0)
            {
                _ = GssLibrary.gss_release_name(out _, ref name);
            }
        }
    }

    protected override bool ReleaseHandle() => GssStatus.Succeeded(GssLibrary.gss_delete_sec_context(out _, ref handle, 0));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            credential.Dispose();
        }
    }

    private static byte[] Display(nint name)
    {
        var major = GssLibrary.gss_display_name(out var minor, name, out var text, out _);
        GssStatus.ThrowIfFailed(major, minor);
        return text.Take();
    }
}
