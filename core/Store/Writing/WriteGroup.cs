namespace Kipuka.Store;

/// <summary>The jobs of one transaction, from its beginning up to, but without, its commit.</summary>
internal static class WriteGroup
{
    /// <param name="batch">The transaction.</param>
    /// <param name="jobs">In their order.</param>
    /// <param name="speculate">Whether all of them are taken to succeed: no savepoints, and statements travel together.</param>
    /// <exception cref="SpeculationException">One of them did not: do them again without speculating.</exception>
    public static void Run(WriteBatch batch, List<WriteJob> jobs, bool speculate)
    {
        Session session = batch.Session;
        session.IsSpeculative = speculate;
        session.Later(session.Dialect.Begin);
        foreach (WriteJob job in jobs)
        {
            if (speculate)
            {
                Speculate(batch, job);
            }
            else
            {
                RunAlone(batch, job);
            }
        }

        session.Flush();
    }

    private static void Speculate(WriteBatch batch, WriteJob job)
    {
        if (!job.Run(batch) && !job.IsCancelled)
        {
            throw Hopeless(batch, job) ?? Forget(job);
        }
    }

    // A savepoint for each job: one that fails takes nothing of its neighbours along.
    private static void RunAlone(WriteBatch batch, WriteJob job)
    {
        Session session = batch.Session;
        session.Execute("SAVEPOINT job");
        if (!job.Run(batch))
        {
            if (Hopeless(batch, job) is { } fault)
            {
                throw fault;
            }

            session.Forget();
            // Fails when the engine gave up the whole transaction (a full disk): then nothing of the batch may go on.
            session.Execute("ROLLBACK TO SAVEPOINT job");
            batch.Head = null;
        }

        session.Execute("RELEASE SAVEPOINT job");
    }

    // A fault that is the transaction's or the connection's, not the job's.
    private static Exception? Hopeless(WriteBatch batch, WriteJob job)
    {
        Dialect dialect = batch.Session.Dialect;
        if (job.Fault is not { } fault || !(fault is SpeculationException || dialect.IsConflict(fault) || dialect.IsLost(fault)))
        {
            return null;
        }

        Forget(job);
        return fault;
    }

    // What it found is not known to be true before it is done again.
    private static SpeculationException Forget(WriteJob job)
    {
        job.Fault = null;
        return new SpeculationException();
    }
}
