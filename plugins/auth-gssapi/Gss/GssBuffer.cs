using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>gss_buffer_desc (RFC 2744 section 3.2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GssBuffer
{
    public nuint Length;
    public byte* Value;

    /// <summary>A copy of what the library made, which is released.</summary>
    public byte[] Take()
    {
        var bytes = Value == null ? [] : new ReadOnlySpan<byte>(Value, checked((int)Length)).ToArray();
        _ = GssLibrary.gss_release_buffer(out _, ref this);
        return bytes;
    }
}

/// <summary>gss_OID_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GssOid
{
    public uint Length;
    public byte* Elements;

    public readonly ReadOnlySpan<byte> Bytes => new(Elements, checked((int)Length));
}

/// <summary>gss_OID_set_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GssOidSet
{
    public nuint Count;
    public GssOid* Elements;
}

/// <summary>gss_key_value_element_desc: one thing that a credential is made from.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GssStoreEntry
{
    public byte* Key;
    public byte* Value;
}

/// <summary>gss_key_value_set_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GssStore
{
    public uint Count;
    public GssStoreEntry* Elements;
}
