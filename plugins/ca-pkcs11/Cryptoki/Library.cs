using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>The functions of one loaded PKCS#11 module, called through its function table.</summary>
/// <remarks>
/// CK_ULONG arguments are passed as native words, which every calling convention in use accepts for the shorter type of Windows too; results
/// are read as the 32 bits that CK_RV has.
/// </remarks>
internal sealed unsafe partial class Library
{
    private const int MaxSlots = 4096;
    private static readonly Layout Layout = Layout.Native;
    private readonly nint table;

    private Library(nint table) => this.table = table;

    /// <exception cref="BadModuleException">The file is no PKCS#11 module, or cannot be loaded.</exception>
    public static Library Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadModuleException($"{path} does not exist");
        }
        if (!NativeLibrary.TryLoad(path, out var module))
        {
            throw new BadModuleException($"{path} cannot be loaded as a library{Reason(path)}");
        }
        // Never unloaded again: modules start threads and leave handlers behind that would run into freed memory.
        if (!NativeLibrary.TryGetExport(module, "C_GetFunctionList", out var entry))
        {
            throw new BadModuleException($"{path} is a library, but no PKCS#11 module: it has no C_GetFunctionList");
        }
        nint table = 0;
        var code = (uint)((delegate* unmanaged[Cdecl]<nint*, nuint>)entry)(&table);
        return code == ReturnCode.Ok && table != 0
            ? new Library(table)
            : throw new BadModuleException($"{path} gives no function list ({ReturnCode.Name(code)})");
    }

    /// <returns>CKR_OK or CKR_CRYPTOKI_ALREADY_INITIALIZED.</returns>
    public uint Initialize()
    {
        var arguments = stackalloc byte[Layout.InitializeArguments];
        var view = new Span<byte>(arguments, Layout.InitializeArguments);
        view.Clear();
        Layout.Write(view[Layout.InitializeFlags..], Ck.OsLockingOk);
        var code = (uint)((delegate* unmanaged[Cdecl]<byte*, nuint>)At(Function.Initialize))(arguments);
        return code == ReturnCode.CryptokiAlreadyInitialized ? code : Check("C_Initialize", code);
    }

    public void FinalizeModule() => Check("C_Finalize", ((delegate* unmanaged[Cdecl]<nint, nuint>)At(Function.Finalize))(0));

    /// <summary>What the module calls itself.</summary>
    public string Describe()
    {
        Span<byte> info = stackalloc byte[Layout.Info];
        fixed (byte* target = info)
        {
            Check("C_GetInfo", ((delegate* unmanaged[Cdecl]<byte*, nuint>)At(Function.GetInfo))(target));
        }
        return $"{TokenInfo.Text(info.Slice(2, 32))}, {TokenInfo.Text(info.Slice(Layout.InfoDescription, 32))}, Cryptoki {info[0]}.{info[1]}";
    }

    /// <summary>Slots that hold a token.</summary>
    public ulong[] Slots()
    {
        Span<byte> count = stackalloc byte[8];
        fixed (byte* number = count)
        {
            var list = (delegate* unmanaged[Cdecl]<byte, byte*, byte*, nuint>)At(Function.GetSlotList);
            Check("C_GetSlotList", list(1, null, number));
            var room = (int)Math.Min(MaxSlots, Layout.Read(count)) + 4;
            var slots = new byte[room * Layout.ULong];
            Layout.Write(count, (ulong)room);
            fixed (byte* target = slots)
            {
                Check("C_GetSlotList", list(1, target, number));
            }
            return Numbers(slots, (int)Layout.Read(count));
        }
    }

    public TokenInfo Token(ulong slot)
    {
        Span<byte> info = stackalloc byte[Layout.TokenInfo];
        fixed (byte* target = info)
        {
            Check("C_GetTokenInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)At(Function.GetTokenInfo))((nuint)slot, target));
        }
        return TokenInfo.Read(slot, info);
    }

    public ulong[] Mechanisms(ulong slot)
    {
        Span<byte> count = stackalloc byte[8];
        fixed (byte* number = count)
        {
            var list = (delegate* unmanaged[Cdecl]<nuint, byte*, byte*, nuint>)At(Function.GetMechanismList);
            Check("C_GetMechanismList", list((nuint)slot, null, number));
            var room = (int)Math.Min(MaxSlots, Layout.Read(count));
            var mechanisms = new byte[Math.Max(1, room) * Layout.ULong];
            Layout.Write(count, (ulong)room);
            fixed (byte* target = mechanisms)
            {
                Check("C_GetMechanismList", list((nuint)slot, target, number));
            }
            return Numbers(mechanisms, Math.Min(room, (int)Layout.Read(count)));
        }
    }

    public ulong OpenSession(ulong slot, bool readWrite)
    {
        Span<byte> handle = stackalloc byte[8];
        fixed (byte* target = handle)
        {
            var flags = Ck.SessionSerial | (readWrite ? Ck.SessionReadWrite : 0);
            Check("C_OpenSession", ((delegate* unmanaged[Cdecl]<nuint, nuint, nint, nint, byte*, nuint>)At(Function.OpenSession))((nuint)slot, flags, 0, 0, target));
        }
        return Layout.Read(handle);
    }

    public uint CloseSession(ulong session) => (uint)((delegate* unmanaged[Cdecl]<nuint, nuint>)At(Function.CloseSession))((nuint)session);

    /// <summary>Whether the user is logged in with the session's token.</summary>
    public bool IsLoggedIn(ulong session)
    {
        Span<byte> info = stackalloc byte[Layout.SessionInfo];
        fixed (byte* target = info)
        {
            Check("C_GetSessionInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)At(Function.GetSessionInfo))((nuint)session, target));
        }
        return Layout.Read(info[Layout.ULong..]) is Ck.StateReadOnlyUser or Ck.StateReadWriteUser;
    }

    /// <param name="session">Any session with the token.</param>
    /// <param name="pin">Null where the token has a keypad of its own (CKF_PROTECTED_AUTHENTICATION_PATH).</param>
    /// <param name="hasPin">Whether there is a PIN; an empty one is something else than none.</param>
    public uint Login(ulong session, ReadOnlySpan<byte> pin, bool hasPin)
    {
        fixed (byte* first = pin)
        {
            byte none = 0;
            var text = !hasPin ? null : first is null ? &none : first;
            return (uint)((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)At(Function.Login))((nuint)session, Ck.UserTypeUser, text, (nuint)pin.Length);
        }
    }

    public ulong[] Find(ulong session, Template template, int most)
    {
        var code = ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, nuint>)At(Function.FindObjectsInit))((nuint)session, template.Encode(), (nuint)template.Count);
        GC.KeepAlive(template);
        Check("C_FindObjectsInit", code);
        var handles = new byte[most * Layout.ULong];
        Span<byte> count = stackalloc byte[8];
        var found = new List<ulong>();
        try
        {
            fixed (byte* target = handles)
            fixed (byte* number = count)
            {
                // A module may give them in portions; none means the end.
                do
                {
                    count.Clear();
                    Check("C_FindObjects", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint>)At(Function.FindObjects))((nuint)session, target, (nuint)(most - found.Count), number));
                    found.AddRange(Numbers(handles, (int)Layout.Read(count)));
                }
                while (Layout.Read(count) > 0 && found.Count < most);
            }
        }
        finally
        {
            _ = ((delegate* unmanaged[Cdecl]<nuint, nuint>)At(Function.FindObjectsFinal))((nuint)session);
        }
        return [.. found];
    }

    /// <returns>Null when the object has no such attribute, or does not show it. Pinned: where it is secret, the caller zeroes it.</returns>
    public byte[]? Attribute(ulong session, ulong target, uint type)
    {
        const int MaxLength = 64 << 10;
        var read = (delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)At(Function.GetAttributeValue);
        var triple = Template.Triple(type, []);
        var structure = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(triple, 0);
        var code = (uint)read((nuint)session, (nuint)target, structure, 1);
        var length = Layout.Read(triple.AsSpan(Layout.LengthOfTriple));
        if (code is ReturnCode.AttributeSensitive or ReturnCode.AttributeTypeInvalid || length > MaxLength)
        {
            return null;
        }
        Check("C_GetAttributeValue", code);
        if (length == 0)
        {
            return [];
        }
        var value = GC.AllocateArray<byte>((int)length, pinned: true);
        triple = Template.Triple(type, value);
        Check("C_GetAttributeValue", read((nuint)session, (nuint)target, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(triple, 0), 1));
        var written = Layout.Read(triple.AsSpan(Layout.LengthOfTriple));
        return written >= length ? value : value[..(int)written];
    }

    public byte[] Sign(ulong session, ulong key, Mechanism mechanism, ReadOnlySpan<byte> data, int room)
    {
        var structure = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(mechanism.Structure, 0);
        Check("C_SignInit", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, nuint>)At(Function.SignInit))((nuint)session, structure, (nuint)key));
        GC.KeepAlive(mechanism);
        Span<byte> length = stackalloc byte[8];
        var signature = new byte[room];
        Layout.Write(length, (ulong)room);
        fixed (byte* source = data, target = signature, number = length)
        {
            var sign = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, byte*, nuint>)At(Function.Sign);
            Check("C_Sign", sign((nuint)session, source, (nuint)data.Length, target, number));
        }
        var written = Layout.Read(length);
        return written <= (ulong)room ? signature[..(int)written] : throw new CryptographicException($"The module claims a signature of {written} bytes in {room}.");
    }

    private nint At(Function function)
    {
        var pointer = *(nint*)(table + Layout.FirstFunction + ((int)function * IntPtr.Size));
        return pointer != 0 ? pointer : throw new CryptokiException($"C_{function}", 0x54);
    }

    private static ulong[] Numbers(ReadOnlySpan<byte> array, int count)
    {
        var numbers = new ulong[Math.Min(count, array.Length / Layout.ULong)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Layout.Read(array[(i * Layout.ULong)..]);
        }
        return numbers;
    }

    private static uint Check(string function, nuint code) => (uint)code == ReturnCode.Ok ? ReturnCode.Ok : throw new CryptokiException(function, (uint)code);

    private static string Reason(string path)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(path));
            return "";
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            // The first line is the platform's advice; what the loader said comes after it.
            var lines = fault.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return $" ({lines.ElementAtOrDefault(1) ?? lines[0]})";
        }
    }
}
