using System.Buffers.Binary;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>
/// Where the members of Cryptoki's structures lie. CK_ULONG is C's unsigned long, and on Windows the structures are packed to one byte
/// (PKCS#11 2.40 section 2.1), so no structure of C# fits every platform.
/// </summary>
internal sealed class Layout(int ulongSize, int pointerSize, bool isPacked)
{
    public static readonly Layout Native = OperatingSystem.IsWindows() ? new Layout(4, IntPtr.Size, true) : new Layout(IntPtr.Size, IntPtr.Size, false);

    /// <summary>The bytes of a CK_ULONG.</summary>
    public int ULong => ulongSize;

    /// <summary>CK_ATTRIBUTE and CK_MECHANISM: a number, a pointer, a length.</summary>
    public int PointerOfTriple => Align(ulongSize, pointerSize);

    public int LengthOfTriple => Align(PointerOfTriple + pointerSize, ulongSize);

    public int Triple => Align(LengthOfTriple + ulongSize, Math.Max(ulongSize, pointerSize));

    /// <summary>CK_FUNCTION_LIST: a version of two bytes, then the pointers.</summary>
    public int FirstFunction => Align(2, pointerSize);

    /// <summary>CK_C_INITIALIZE_ARGS: four functions, the flags, a pointer.</summary>
    public int InitializeFlags => 4 * pointerSize;

    public int InitializeArguments => Align(InitializeFlags + ulongSize, pointerSize) + pointerSize;

    /// <summary>CK_INFO: version, manufacturer (32), flags, description (32), version.</summary>
    public int InfoDescription => Align(34, ulongSize) + ulongSize;

    public int Info => Align(InfoDescription + 34, ulongSize);

    /// <summary>CK_TOKEN_INFO: label (32), manufacturer (32), model (16), serial number (16), eleven numbers, two versions, time (16).</summary>
    public int TokenInfo => Align(96 + (11 * ulongSize) + 4 + 16, ulongSize);

    /// <summary>CK_SESSION_INFO: slot, state, flags, error.</summary>
    public int SessionInfo => 4 * ulongSize;

    /// <summary>One of the numbers of CK_TOKEN_INFO: 0 flags, 1 most sessions, 3 most read-write sessions.</summary>
    public int TokenNumber(int index) => 96 + (index * ulongSize);

    public void Write(Span<byte> target, ulong value)
    {
        if (ulongSize == 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, value);
        }
    }

    public ulong Read(ReadOnlySpan<byte> source)
        => ulongSize == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(source) : BinaryPrimitives.ReadUInt64LittleEndian(source);

    public byte[] Number(ulong value)
    {
        var bytes = new byte[ulongSize];
        Write(bytes, value);
        return bytes;
    }

    private int Align(int offset, int size) => isPacked ? offset : (offset + size - 1) / size * size;
}
