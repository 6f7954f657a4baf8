using Microsoft.AspNetCore.Connections;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>Counts connections, and knows when the last one has gone.</summary>
internal sealed class OpenConnections
{
    private readonly TaskCompletionSource none = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One stands for the listeners: as long as they accept there is never none.
    private int open = 1;

    public async Task CountAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref open);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The listeners accept no more; completes with the last connection.</summary>
    public Task EndAsync()
    {
        Leave();
        return none.Task;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            none.TrySetResult();
        }
    }
}
