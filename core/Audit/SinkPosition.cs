using System.Globalization;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Audit;

/// <summary>
/// How far a sink has taken this node's journal. While one generation takes over from another both have a pump for the sink: they share this,
/// and take turns, so that each record is sent once, in its place, and the sink is never called by two.
/// </summary>
internal sealed class SinkPosition(IPluginStore store, string node) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _key = $"host/position/{node}";
    private long? _last;

    /// <summary>Waits for the turn, which ends with the disposal. The other members are for whoever has it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        return new Turn(_turn);
    }

    /// <summary>The sequence number of the last record that was taken; 0 before the first.</summary>
    public async Task<long> LoadAsync(CancellationToken cancel)
    {
        if (_last is null)
        {
            var stored = await store.GetAsync(_key, cancel);
            _last = stored is null ? 0 : long.Parse(Encoding.UTF8.GetString(stored.Value.Span), CultureInfo.InvariantCulture);
        }
        return _last.Value;
    }

    public async Task SaveAsync(long sequence, CancellationToken cancel)
    {
        _last = sequence;
        await store.WriteAsync(new StoreWrite(_key, Encoding.UTF8.GetBytes(sequence.ToString(CultureInfo.InvariantCulture))), cancel);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
