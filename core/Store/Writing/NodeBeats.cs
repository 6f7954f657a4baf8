using System.Data.Common;

namespace Kipuka.Store;

/// <summary>Writes under the node's name every now and then, so that others see that it lives, and looks who else does.</summary>
internal sealed class NodeBeats : IDisposable
{
    private readonly PeriodicTimer _timer = new(NodeWatch.Beat);

    public NodeBeats(Database database, NodeWatch watch) => _ = BeatAsync(database, watch);

    public void Dispose() => _timer.Dispose();

    private async Task BeatAsync(Database database, NodeWatch watch)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                // Every commit leaves a mark, so the look alone is a beat; it rides with whatever is written anyway.
                watch.See(await database.WriteLater(static batch => NodeRows.Marks(batch.Session)));
            }
            catch (Exception fault) when (fault is DatabaseException or DbException or ObjectDisposedException)
            {
                // The writer has logged what the database said. Who cannot write judges nobody.
            }
        }
    }
}
