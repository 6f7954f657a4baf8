using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kipuka.Sdk.Transport;

namespace Kipuka.Transport;

/// <summary>
/// The bound sockets of the server. Transports get duplicates, so that a new version of a transport listens before the old one has let go:
/// the port never closes. A port that no transport holds any more is closed.
/// </summary>
internal sealed partial class ListeningSockets : IListeningSockets, IDisposable
{
    private const int DuplicateFromNumber = 0; // F_DUPFD
    private const int FirstNumber = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<(IPEndPoint Address, SocketType Type), Holding> _held = [];
    private int _nextNumber = FirstNumber;

    public Socket Acquire(IPEndPoint address, SocketType type)
    {
        lock (_lock)
        {
            var key = (address, type);
            if (!_held.TryGetValue(key, out var holding))
            {
                _held[key] = holding = new Holding(Bind(address, type));
            }
            holding.Users++;
            return new Copy(this, key, DuplicateHandle(holding.Socket));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var holding in _held.Values)
            {
                holding.Socket.Dispose();
            }
            _held.Clear();
        }
    }

    private static Socket Bind(IPEndPoint address, SocketType type)
    {
        var socket = new Socket(address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }
            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A number that has just been closed must not be used again while another duplicate lives: the kernel's epoll still has the old one's
    // registration under it, and the runtime, told that it exists already, would never hear of connections. So the numbers rise.
    private SafeSocketHandle DuplicateHandle(Socket socket)
    {
        var original = (int)socket.SafeHandle.DangerousGetHandle();
        var descriptor = Duplicate(original, DuplicateFromNumber, _nextNumber);
        if (descriptor < 0)
        {
            // The limit of open files is reached: begin again below it.
            descriptor = Duplicate(original, DuplicateFromNumber, FirstNumber);
        }
        if (descriptor < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError(), new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
        _nextNumber = descriptor + 1;
        return new SafeSocketHandle(descriptor, ownsHandle: true);
    }

    private void Release((IPEndPoint Address, SocketType Type) key)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(key, out var holding) && --holding.Users == 0)
            {
                // A listening socket without anybody to accept would leave clients hanging in its backlog.
                holding.Socket.Dispose();
                _held.Remove(key);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int command, int least);

    private sealed class Holding(Socket socket)
    {
        public Socket Socket => socket;

        public int Users { get; set; }
    }

    private sealed class Copy(ListeningSockets owner, (IPEndPoint, SocketType) key, SafeSocketHandle handle) : Socket(handle)
    {
        private int _released;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                owner.Release(key);
            }
        }
    }
}
