using Kipuka.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>Group commit: everything queued runs in one transaction, and all of it is durable before anyone is answered.</summary>
/// <remarks>
/// While one commit waits for the disk the next batch gathers, so the price of the disk is shared by as many as there are. The loop has a
/// thread of its own, because it spends its life waiting for the disk, or the server.
/// </remarks>
internal sealed class Writer
{
    /// <summary>How often a group is tried: enough for any number of losses that are chance.</summary>
    private const int MostTries = 8;

    private readonly WriteQueue _queue;
    private readonly WriterSession _session;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(WriterSession session, WriteQueue queue, ILogger log)
    {
        (_session, _queue, _log) = (session, queue, log);
        new Thread(Loop) { IsBackground = true, Name = "kipuka-writer" }.Start();
    }

    /// <summary>Completes when the queue is closed and empty.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why the last commit failed; null when it did not.</summary>
    public Exception? Fault { get; private set; }

    private void Loop()
    {
        List<WriteJob> jobs = [];
        while (_queue.Take(jobs))
        {
            Commit(jobs);
            jobs.Clear();
        }

        _session.Dispose();
        _ended.SetResult();
    }

    private void Commit(List<WriteJob> jobs)
    {
        bool speculate = _session.Dialect.IsServer;
        for (int tries = 1; ; tries++)
        {
            Exception? fault = Try(jobs, speculate);
            if (fault is null)
            {
                Fault = null;
                return;
            }

            bool again = _session.Undo(fault) || (speculate && _session.IsOpen);
            if (!again || tries == MostTries)
            {
                Fail(jobs, fault);
                return;
            }

            // What failed without savepoints is done again with them, so that one that fails takes nobody along.
            speculate &= !_session.IsOpen;
            _log.LogDebug("A group of {Count} writes is done again: {Reason}", jobs.Count, fault.Message);
        }
    }

    private Exception? Try(List<WriteJob> jobs, bool speculate)
    {
        WriteBatch batch;
        try
        {
            batch = new WriteBatch(_session.Open());
            WriteGroup.Run(batch, jobs, speculate);
            _session.Commit();
            Metrics.Commits.Record(jobs.Count);
        }
        catch (Exception fault)
        {
            return fault;
        }

        // First what the process itself has to know: whoever is answered finds it done.
        batch.Committed();
        jobs.ForEach(job => job.Complete());
        return null;
    }

    private void Fail(List<WriteJob> jobs, Exception fault)
    {
        Fault = fault;
        string reason = ServerFault.Text(fault);
        _log.LogError(fault, "The database did not confirm {Count} writes: {Reason}", jobs.Count, reason);
        foreach (WriteJob job in jobs)
        {
            job.Fail(new DatabaseException($"The database did not confirm this write: {reason}", fault));
        }
    }
}
