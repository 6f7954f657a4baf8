using Kipuka.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>Group commit: everything queued runs in one transaction, and all of it is durable before anyone is answered.</summary>
/// <remarks>
/// While one commit waits for the disk the next batch gathers, so the price of the disk is shared by as many as there are. The loop has a
/// thread of its own, because it spends its life waiting for the disk.
/// </remarks>
internal sealed class Writer
{
    private readonly Session _session;
    private readonly string _begin;
    private readonly WriteQueue _queue;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(Session session, string begin, WriteQueue queue, ILogger log)
    {
        (_session, _begin, _queue, _log) = (session, begin, queue, log);
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
        WriteBatch batch = new(_session);
        try
        {
            _session.Execute(_begin);
            foreach (WriteJob job in jobs)
            {
                Run(job, batch);
            }

            _session.Execute("COMMIT");
            Fault = null;
            Metrics.Commits.Record(jobs.Count);
        }
        catch (Exception fault)
        {
            Fail(jobs, fault);
            return;
        }

        foreach (WriteJob job in jobs)
        {
            job.Complete();
        }

        batch.Committed();
    }

    // A savepoint for each job: one that fails takes nothing of its neighbours along.
    private void Run(WriteJob job, WriteBatch batch)
    {
        _session.Execute("SAVEPOINT job");
        if (!job.Run(batch))
        {
            // Fails when the engine gave up the whole transaction (a full disk): then nothing of the batch may go on.
            _session.Execute("ROLLBACK TO SAVEPOINT job");
            batch.Head = null;
        }

        _session.Execute("RELEASE SAVEPOINT job");
    }

    private void Fail(List<WriteJob> jobs, Exception fault)
    {
        Fault = fault;
        _log.LogError(fault, "The database did not commit {Count} writes", jobs.Count);
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (Exception second)
        {
            // Mostly the engine has rolled back already. Where it has not, the next BEGIN fails and comes here again.
            _log.LogDebug(second, "Nothing to roll back");
        }

        foreach (WriteJob job in jobs)
        {
            job.Fail(new DatabaseException($"The database did not commit this write: {fault.Message}", fault));
        }
    }
}
