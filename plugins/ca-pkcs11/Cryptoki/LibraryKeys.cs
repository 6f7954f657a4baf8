using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <content>Keys that are made, put in, taken out and destroyed, and random numbers.</content>
internal sealed unsafe partial class Library
{
    public (ulong PublicKey, ulong PrivateKey) GenerateKeyPair(ulong session, Mechanism mechanism, Template publicKey, Template privateKey)
    {
        Span<byte> handles = stackalloc byte[16];
        fixed (byte* target = handles)
        {
            var generate = (delegate* unmanaged[Cdecl]<nuint, byte*, byte*, nuint, byte*, nuint, byte*, byte*, nuint>)At(Function.GenerateKeyPair);
            var structure = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(mechanism.Structure, 0);
            var code = generate(
                (nuint)session, structure, publicKey.Encode(), (nuint)publicKey.Count, privateKey.Encode(), (nuint)privateKey.Count, target, target + 8);
            GC.KeepAlive(mechanism);
            GC.KeepAlive(publicKey);
            GC.KeepAlive(privateKey);
            Check("C_GenerateKeyPair", code);
        }
        return (Layout.Read(handles), Layout.Read(handles[8..]));
    }

    public ulong CreateObject(ulong session, Template template)
    {
        Span<byte> handle = stackalloc byte[8];
        fixed (byte* target = handle)
        {
            var create = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint>)At(Function.CreateObject);
            var code = create((nuint)session, template.Encode(), (nuint)template.Count, target);
            GC.KeepAlive(template);
            Check("C_CreateObject", code);
        }
        return Layout.Read(handle);
    }

    public uint DestroyObject(ulong session, ulong target) => (uint)((delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)At(Function.DestroyObject))((nuint)session, (nuint)target);

    public byte[] WrapKey(ulong session, Mechanism mechanism, ulong wrapping, ulong key)
    {
        const int Room = 8192;
        var structure = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(mechanism.Structure, 0);
        var wrapped = new byte[Room];
        Span<byte> length = stackalloc byte[8];
        Layout.Write(length, Room);
        fixed (byte* target = wrapped, number = length)
        {
            var wrap = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint, nuint, byte*, byte*, nuint>)At(Function.WrapKey);
            var code = wrap((nuint)session, structure, (nuint)wrapping, (nuint)key, target, number);
            GC.KeepAlive(mechanism);
            Check("C_WrapKey", code);
        }
        var written = Layout.Read(length);
        return written <= Room ? wrapped[..(int)written] : throw new CryptographicException($"The module claims a wrapped key of {written} bytes in {Room}.");
    }

    public byte[] GenerateRandom(ulong session, int count)
    {
        var bytes = new byte[count];
        fixed (byte* target = bytes)
        {
            var generate = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint, nuint>)At(Function.GenerateRandom);
            Check("C_GenerateRandom", generate((nuint)session, target, (nuint)count));
        }
        return bytes;
    }
}
