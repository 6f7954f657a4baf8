using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>Listening sockets as a host gives them out: duplicates of one bound socket for each address (see <see cref="IListeningSockets"/>).</summary>
internal sealed partial class TckSockets : IListeningSockets
{
    private const int DuplicateFromNumber = 0; // F_DUPFD
    private const int FirstNumber = 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<(IPEndPoint Address, SocketType Type), (Socket Socket, int Users)> held = [];
    private int next = FirstNumber;

    /// <summary>What was bound, in order, with the ports that the system chose.</summary>
    public ConcurrentQueue<IPEndPoint> Bound { get; } = new();

    /// <summary>How many duplicates were given out and not disposed.</summary>
    public int InUse
    {
        get
        {
            lock (gate)
            {
                return held.Values.Sum(holding => holding.Users);
            }
        }
    }

    public Socket Acquire(IPEndPoint address, SocketType type)
    {
        lock (gate)
        {
            var key = (address, type);
            if (!held.TryGetValue(key, out var holding))
            {
                var socket = new Socket(address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
                socket.Bind(address);
                Bound.Enqueue((IPEndPoint)socket.LocalEndPoint!);
                holding = (socket, 0);
            }
            held[key] = (holding.Socket, holding.Users + 1);
            return new Copy(this, key, DuplicateOf(holding.Socket));
        }
    }

    private SafeSocketHandle DuplicateOf(Socket socket)
    {
        var descriptor = Duplicate((int)socket.SafeHandle.DangerousGetHandle(), DuplicateFromNumber, next);
        if (descriptor < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError(), new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
        next = descriptor + 1;
        return new SafeSocketHandle(descriptor, ownsHandle: true);
    }

    private void Release((IPEndPoint Address, SocketType Type) key)
    {
        lock (gate)
        {
            var (socket, users) = held[key];
            if (users > 1)
            {
                held[key] = (socket, users - 1);
                return;
            }
            socket.Dispose();
            held.Remove(key);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int command, int least);

    private sealed class Copy(TckSockets owner, (IPEndPoint, SocketType) key, SafeSocketHandle handle) : Socket(handle)
    {
        private int released;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref released, 1) == 0)
            {
                owner.Release(key);
            }
        }
    }
}
