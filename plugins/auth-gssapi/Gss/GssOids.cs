using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>Object identifiers, as GSS-API has them: the contents of their DER.</summary>
internal static unsafe class GssOids
{
    /// <summary>1.2.840.113554.1.2.2: Kerberos 5 (RFC 4121).</summary>
    public static ReadOnlySpan<byte> Kerberos => [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02];

    /// <summary>1.3.6.1.5.5.2: SPNEGO (RFC 4178).</summary>
    public static ReadOnlySpan<byte> Spnego => [0x2b, 0x06, 0x01, 0x05, 0x05, 0x02];

    /// <summary>1.2.840.113554.1.2.2.1: a principal, with its realm.</summary>
    public static ReadOnlySpan<byte> PrincipalName => [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01];

    /// <summary>For the library. The bytes lie in the assembly's image, which does not move and outlives every call.</summary>
    public static GssOid Of(ReadOnlySpan<byte> constant)
        => new() { Length = (uint)constant.Length, Elements = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(constant)) };
}
