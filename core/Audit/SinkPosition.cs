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
            _last = await OfAsync(node, cancel) ?? 0;
        }
        return _last.Value;
    }

    /// <summary>What a node noted as the last record that the sink took of it; null when there is no note.</summary>
    public async Task<long?> OfAsync(string one, CancellationToken cancel) => await store.GetAsync(KeyOf(one), cancel) is { } stored
        ? long.Parse(Encoding.UTF8.GetString(stored.Value.Span), CultureInfo.InvariantCulture)
        : null;

    public async Task SaveAsync(long sequence, CancellationToken cancel)
    {
        _last = sequence;
        await store.WriteAsync(new StoreWrite(KeyOf(node), Encoding.UTF8.GetBytes(sequence.ToString(CultureInfo.InvariantCulture))), cancel);
    }

    public void Dispose() => _turn.Dispose();

    private static string KeyOf(string node) => $"host/position/{node}";

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
