using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>The connection that writes: opened again when it was lost, and never in doubt about what it committed.</summary>
internal sealed class WriterSession(Dialect dialect, DatabaseOptions options, Session first, NodeClaim? claim, ILogger log) : IDisposable
{
    /// <summary>How long a commit whose answer was lost is asked for, before those who wait are told that nobody knows.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _never = new();
    private Session? _session = first;
    private NodeClaim? _claim = claim;
    private bool _begun;

    public Dialect Dialect => dialect;

    public bool IsOpen => _session is not null;

    /// <summary>The connection, new where the last one was lost, with the node's name.</summary>
    public Session Open()
    {
        if (_session is null)
        {
            Session session = new(dialect.OpenWriter(), dialect);
            try
            {
                _claim = dialect.TakeNode(session, _claim);
                _session = session;
                log.LogInformation("The connection to the database stands again");
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }

        _begun = true;
        return _session;
    }

    /// <summary>Commits, and finds out what became of it should the answer get lost.</summary>
    /// <exception cref="LostCommitException">It was not committed, and may be done again.</exception>
    public void Commit()
    {
        byte[]? mark = _claim is null ? null : Mark(_claim);
        try
        {
            _session!.Execute("COMMIT");
            _begun = false;
        }
        catch (Exception fault) when (mark is not null && IsLost(fault))
        {
            log.LogWarning("The answer to a commit was lost: {Reason}", ServerFault.Text(fault));
            Drop();
            if (!Settle(mark, fault))
            {
                throw new LostCommitException(fault);
            }
        }
    }

    /// <summary>Ends what was begun.</summary>
    /// <returns>Whether the same may be done again, because nothing of it was committed and another time it may succeed.</returns>
    public bool Undo(Exception fault)
    {
        bool begun = _begun && _session is not null;
        _begun = false;
        if (_session is null)
        {
            return false;
        }

        if (IsLost(fault))
        {
            log.LogWarning("The connection to the database was lost: {Reason}", ServerFault.Text(fault));
            Drop();
            return begun;
        }

        try
        {
            _session.Forget();
            _session.Execute("ROLLBACK");
        }
        catch (Exception second)
        {
            // Mostly the engine has rolled back already. Where it has not, the next BEGIN fails and comes here again.
            log.LogDebug(second, "Nothing to roll back");
            if (dialect.IsServer)
            {
                Drop();
            }
        }

        return fault is SpeculationException or LostCommitException || dialect.IsConflict(fault);
    }

    public void Dispose()
    {
        if (_session is not null && _claim is not null)
        {
            Leave(_session, _claim);
        }

        Drop();
        _never.Dispose();
    }

    private void Leave(Session session, NodeClaim claim)
    {
        try
        {
            dialect.LeaveNode(session, claim);
        }
        catch (Exception fault) when (fault is DbException || IsLost(fault))
        {
            log.LogDebug(fault, "The node's name was not given back: whoever takes it next waits a little");
        }
    }

    // What the transaction can be recognised by.
    private byte[] Mark(NodeClaim claim)
    {
        byte[] mark = Guid.NewGuid().ToByteArray();
        if (NodeRows.Mark(_session!, options.Node, claim.Holder, mark))
        {
            return mark;
        }

        // With the connection its transaction ends. The next one asks for the name again, and is refused while the other lives.
        Drop();
        throw new DatabaseException(
            $"The name '{options.Node}' of this node was taken by another process, so this one may not write under it. Every process that " +
            "shares a database needs a name of its own: set node in [server].");
    }

    // Having taken the node's name again, the former connection has ended, or cannot commit: what it did is done, and nothing is on its way.
    private bool Settle(byte[] mark, Exception fault)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                byte[]? last = NodeRows.MarkOf(Open(), options.Node);
                bool committed = last is not null && last.AsSpan().SequenceEqual(mark);
                _begun = false;
                log.LogWarning("The commit was {Outcome}", committed ? "done" : "not done, and is done again");
                return committed;
            }
            catch (Exception still) when (still is DatabaseException || IsLost(still))
            {
                Drop();
                if (Stopwatch.GetElapsedTime(started) > SettleLimit)
                {
                    throw new DatabaseException(
                        "the connection broke during the commit and does not come back, so nobody knows yet whether it was done: " +
                        "a repeat of the request will find out", fault);
                }

                _never.Wait(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private bool IsLost(Exception fault) =>
        dialect.IsServer && (dialect.IsLost(fault) || _session is { Connection.State: not ConnectionState.Open });

    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }
}
