using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kipuka.Plugins.AuditFile;

/// <summary>Appends to a file so that it is on the disk afterwards, and so that lines stay whole.</summary>
internal static partial class AppendFile
{
    // The platform's FileMode.Append only seeks to the end when it opens: after a copytruncate it would leave a hole of zeros.
    // The numbers are those of Linux on x86-64 and arm64.
    private const int ReadWriteAppendCreate = 0x2 | 0x400 | 0x40 | CloseOnExec; // O_RDWR | O_APPEND | O_CREAT
    private const int CloseOnExec = 0x80000;
    private const int ExclusiveLock = 2; // LOCK_EX; closing the file lets go of it
    private const int OwnerWritesGroupReads = 0b110_100_000;

    /// <summary>Appends the bytes and flushes them to the disk; with no bytes, proves that it could.</summary>
    /// <exception cref="IOException">The file cannot be opened or written; the message names it.</exception>
    public static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        var isNew = !File.Exists(path);
        using var file = Open(path, ReadWriteAppendCreate, OwnerWritesGroupReads);
        if (isNew)
        {
            // The name is on the disk only when the folder is.
            using var folder = Open(Path.GetDirectoryName(path)!, CloseOnExec, 0);
            RandomAccess.FlushToDisk(folder);
        }
        if (bytes.IsEmpty)
        {
            return;
        }
        // Two writers (the old and the new instance during a reload) must not look at each other's half-written lines.
        if (Lock(file, ExclusiveLock) != 0)
        {
            throw new IOException($"{path} cannot be locked: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
        var length = RandomAccess.GetLength(file);
        if (length > 0 && !EndsInNewline(file, length))
        {
            // A crash or a full disk left part of a line: the next must not become one with it.
            RandomAccess.Write(file, "\n"u8, length);
        }
        RandomAccess.Write(file, bytes, length); // O_APPEND: Linux ignores the offset (pwrite(2), BUGS)
        RandomAccess.FlushToDisk(file);
    }

    private static bool EndsInNewline(SafeFileHandle file, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, length - 1) == 1 && last[0] == (byte)'\n';
    }

    private static SafeFileHandle Open(string path, int flags, int mode)
    {
        var descriptor = OpenDescriptor(path, flags, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException(
                $"{path} cannot be opened for appending: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}; "
                + "its folder must exist, and the server's user must be allowed to write there.");
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags, int mode);
}
