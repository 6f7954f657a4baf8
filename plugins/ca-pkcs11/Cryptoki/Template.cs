using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>An array of CK_ATTRIBUTE with its values. Everything is pinned, so that pointers to it hold as long as this object lives.</summary>
internal sealed class Template
{
    private readonly List<(uint Type, byte[] Value)> attributes = [];
    private byte[]? encoded;

    public int Count => attributes.Count;

    public Template Add(uint type, ReadOnlySpan<byte> value)
    {
        var pinned = GC.AllocateArray<byte>(value.Length, pinned: true);
        value.CopyTo(pinned);
        attributes.Add((type, pinned));
        return this;
    }

    public Template Add(uint type, bool value) => Add(type, [value ? (byte)1 : (byte)0]);

    public Template Add(uint type, uint value) => Add(type, Layout.Native.Number(value));

    public Template Add(uint type, string value) => Add(type, Encoding.UTF8.GetBytes(value));

    /// <summary>Zeroes the values, where one is secret. Not to be used again.</summary>
    public void Clear() => attributes.ForEach(attribute => CryptographicOperations.ZeroMemory(attribute.Value));

    public unsafe byte* Encode()
    {
        var layout = Layout.Native;
        encoded = GC.AllocateArray<byte>(layout.Triple * Math.Max(1, attributes.Count), pinned: true);
        for (var i = 0; i < attributes.Count; i++)
        {
            var triple = encoded.AsSpan(i * layout.Triple);
            var (type, value) = attributes[i];
            layout.Write(triple, type);
            Pointer(triple[layout.PointerOfTriple..], value);
            layout.Write(triple[layout.LengthOfTriple..], (ulong)value.Length);
        }
        return (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(encoded, 0);
    }

    /// <summary>A CK_MECHANISM, or one CK_ATTRIBUTE: number, pointer, length, in a pinned array.</summary>
    public static byte[] Triple(uint number, byte[] pinnedValue)
    {
        var layout = Layout.Native;
        var triple = GC.AllocateArray<byte>(layout.Triple, pinned: true);
        layout.Write(triple, number);
        if (pinnedValue.Length > 0)
        {
            Pointer(triple.AsSpan(layout.PointerOfTriple), pinnedValue);
        }
        layout.Write(triple.AsSpan(layout.LengthOfTriple), (ulong)pinnedValue.Length);
        return triple;
    }

    private static void Pointer(Span<byte> target, byte[] pinned)
    {
        var address = pinned.Length == 0 ? IntPtr.Zero : Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        MemoryMarshal.Write(target, in address);
    }
}
