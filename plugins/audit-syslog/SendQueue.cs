using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>
/// Tells what the other side's kernel has not acknowledged yet. Without it a write to a machine that has gone succeeds for as long as the
/// socket's buffer has room, and its records are lost.
/// </summary>
internal static partial class SendQueue
{
    private const nuint OutputQueue = 0x5411; // SIOCOUTQ, tcp(7)
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Completes when all that was written has been acknowledged. A connection that breaks leaves the queue as it is.</summary>
    public static async Task DrainAsync(Socket socket, Func<string?> ended, TimeProvider clock, CancellationToken cancel)
    {
        for (var pause = FirstPause; Length(socket) > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (ended() is { } reason)
            {
                throw new IOException(reason);
            }
            await Task.Delay(pause, clock, cancel);
        }
    }

    private static int Length(Socket socket) => Control(socket.SafeHandle, OutputQueue, out var bytes) == 0
        ? bytes
        : throw new IOException($"the send queue cannot be read: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeSocketHandle socket, nuint request, out int bytes);
}
