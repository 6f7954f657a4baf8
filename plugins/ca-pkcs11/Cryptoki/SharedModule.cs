using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>
/// What all users of one module in this process have in common, also users of another version of this plugin: PKCS#11 knows one application
/// and one login per process. It lives in the application domain under the module's path, and is made of the platform's own types, since a
/// type of this assembly would keep a plugin loaded for ever.
/// </summary>
internal sealed class SharedModule
{
    private const int Epoch = 0;
    private const int LastRestart = 1;
    private const int Healthy = 2;

    private readonly ReaderWriterLockSlim gate;
    private readonly long[] state;
    private readonly ConcurrentDictionary<string, byte[]> refused;

    private SharedModule(object[] parts)
    {
        gate = (ReaderWriterLockSlim)parts[0];
        state = (long[])parts[1];
        refused = (ConcurrentDictionary<string, byte[]>)parts[2];
        PinKey = (byte[])parts[3];
    }

    /// <summary>Held for reading while the module works, for writing while it is restarted.</summary>
    public ReaderWriterLockSlim Gate => gate;

    /// <summary>Grows with each restart. A session of an earlier one is no session any more, though a new one may have its number.</summary>
    public long CurrentEpoch => Volatile.Read(ref state[Epoch]);

    /// <summary>Users whose last use of the module was a success.</summary>
    public long HealthyUsers => Volatile.Read(ref state[Healthy]);

    /// <summary>A timestamp of the clock; 0 before the first.</summary>
    public long LastRestarted
    {
        get => Volatile.Read(ref state[LastRestart]);
        set => Volatile.Write(ref state[LastRestart], value);
    }

    /// <summary>By token and keyed hash, each PIN that the token has refused, whether it counts tries, and what it said: one wrong PIN must cost one try, however many CAs use it.</summary>
    public ConcurrentDictionary<string, byte[]> RefusedPins => refused;

    /// <summary>The key of these hashes.</summary>
    public byte[] PinKey { get; }

    public static SharedModule Of(string path)
    {
        var name = $"PKCS#11 {path}";
        lock (AppDomain.CurrentDomain)
        {
            if (AppDomain.CurrentDomain.GetData(name) is not object[] parts)
            {
                parts = [new ReaderWriterLockSlim(), new long[3], new ConcurrentDictionary<string, byte[]>(), RandomNumberGenerator.GetBytes(32)];
                AppDomain.CurrentDomain.SetData(name, parts);
            }
            return new SharedModule(parts);
        }
    }

    public void NextEpoch() => Interlocked.Increment(ref state[Epoch]);

    public void CountHealthy(int change) => Interlocked.Add(ref state[Healthy], change);
}
