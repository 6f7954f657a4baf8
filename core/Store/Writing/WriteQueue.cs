namespace Kipuka.Store;

/// <summary>What waits for the next commit. Bounded: who finds it full waits without holding a thread.</summary>
internal sealed class WriteQueue(int capacity) : IDisposable
{
    /// <summary>How long a job that may wait for another's commit waits before it gets its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _room = new(capacity, capacity);
    private readonly object _gate = new();
    private readonly Queue<WriteJob> _jobs = [];
    private readonly Queue<WriteJob> _later = [];
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _jobs.Count;
            }
        }
    }

    public async ValueTask AddAsync(WriteJob job, CancellationToken cancel)
    {
        await _room.WaitAsync(cancel);
        Add(_jobs, job, wake: true);
    }

    /// <summary>Adds a job that rides with the next commit.</summary>
    public void AddLater(WriteJob job) => Add(_later, job, wake: false);

    /// <summary>Waits for jobs and takes them all, in the order they came.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<WriteJob> jobs)
    {
        int urgent;
        lock (_gate)
        {
            while (_jobs.Count == 0 && !_closed)
            {
                if (_later.Count == 0)
                {
                    Monitor.Wait(_gate);
                }
                else if (!Monitor.Wait(_gate, Patience))
                {
                    break;
                }
            }

            urgent = _jobs.Count;
            Move(_jobs, jobs);
            Move(_later, jobs);
        }

        if (urgent > 0)
        {
            _room.Release(urgent);
        }

        return jobs.Count > 0;
    }

    /// <summary>Refuses further jobs; those already queued are still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose() => _room.Dispose();

    private void Add(Queue<WriteJob> queue, WriteJob job, bool wake)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Database));
            queue.Enqueue(job);
            // The first of those that may wait wakes the writer too: from then on it waits with patience, not for ever.
            if (wake ? queue.Count == 1 : _jobs.Count == 0 && queue.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private static void Move(Queue<WriteJob> from, List<WriteJob> to)
    {
        while (from.TryDequeue(out WriteJob? job))
        {
            to.Add(job);
        }
    }
}
