using System.Data.Common;

namespace Kipuka.Store;

/// <summary>Keeps the processes at all members of a Galera cluster from migrating at once: its row is written from a connection of its own while it is held.</summary>
internal sealed class ClusterSchemaLock : IDisposable
{
    private const string CreateSql =
        "CREATE TABLE IF NOT EXISTS schema_lock (node VARCHAR(64) NOT NULL PRIMARY KEY, mark VARBINARY(16) NOT NULL, " +
        "holder VARBINARY(16) NOT NULL DEFAULT '', member VARCHAR(64) NOT NULL DEFAULT '') " +
        "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin";

    private readonly ClusterName _name = new("schema_lock", "schema", NodeWatch.Beat);
    private readonly Lock _gate = new();
    private readonly Session _session;
    private readonly byte[] _holder;
    private readonly Timer _timer;
    private readonly IDisposable _here;

    /// <param name="session">A connection for nothing else; the lock disposes it.</param>
    /// <param name="member">The member that it is at.</param>
    /// <param name="isOnly">Whether no other process migrates at this member.</param>
    /// <param name="waits">Whether to wait for another process that migrates.</param>
    /// <param name="here">The lock at this member; this one disposes it.</param>
    /// <exception cref="DatabaseException">Another process migrates for too long.</exception>
    public ClusterSchemaLock(Session session, string member, bool isOnly, Func<bool> waits, IDisposable here)
    {
        (_session, _here) = (session, here);
        try
        {
            session.Execute(CreateSql);
            _holder = _name.Take(session, member, isOnly, waits) ?? throw NamedLock.Migrating();
        }
        catch
        {
            session.Dispose();
            throw;
        }

        _timer = new Timer(_ => Beat(), null, NodeWatch.Beat, NodeWatch.Beat);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            Try(() => _name.Leave(_session, _holder));
            _session.Dispose();
        }

        _here.Dispose();
    }

    private void Beat()
    {
        lock (_gate)
        {
            Try(() => _name.Beat(_session, _holder));
        }
    }

    private static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            // Lost with its connection, or disposed before the last beat: others wait until they have seen that it is silent.
        }
    }
}
