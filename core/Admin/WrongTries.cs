using System.Net;

namespace Kipuka.Admin;

/// <summary>Counts failed sign-ins by address; an address with too many is sent away for a while. Bounded in memory; thread-safe.</summary>
internal sealed class WrongTries(TimeProvider clock)
{
    private const int Most = 20;
    private const int MostAddresses = 4096;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (DateTimeOffset Began, int Count)> _tries = [];

    /// <summary>How long the address still has to wait; null when it may try.</summary>
    public TimeSpan? Wait(IPAddress address)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return _tries.TryGetValue(address, out var tries) && tries.Count >= Most && tries.Began + Window > now ? tries.Began + Window - now : null;
        }
    }

    public void Add(IPAddress address)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_tries.Count >= MostAddresses)
            {
                foreach (var old in _tries.Where(entry => entry.Value.Began + Window <= now).Select(entry => entry.Key).ToList())
                {
                    _tries.Remove(old);
                }
                // From this many addresses it is an attack: all further ones count as one.
                address = _tries.Count >= MostAddresses ? IPAddress.None : address;
            }
            var tries = _tries.TryGetValue(address, out var known) && known.Began + Window > now ? known : (now, 0);
            _tries[address] = (tries.Item1, tries.Item2 + 1);
        }
    }
}
