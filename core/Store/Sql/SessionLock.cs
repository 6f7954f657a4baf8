using System.Data.Common;

namespace Kipuka.Store;

/// <summary>A lock that ends with its connection, if not before.</summary>
internal sealed class SessionLock(Action release) : IDisposable
{
    public void Dispose()
    {
        try
        {
            release();
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            // The connection is of no use any more, and the lock has ended, or ends, with it. What was wrong is on its way already.
        }
    }
}
