using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// Threads with a session each. C functions block, so they never run on the server's thread pool. Threads and sessions are made when they are
/// wanted, up to a limit; what comes then waits, up to a limit; what comes then is refused at once.
/// </summary>
internal sealed class SessionPool(KeyUser user, int maxSessions, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>For each session: more than can be signed before clients give up.</summary>
    public const int WaitingPerSession = 32;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FullInterval = TimeSpan.FromMinutes(1);

    private readonly Lock changing = new();
    private readonly Queue<SessionJob> waiting = [];
    // The one that was busy last comes first: its stack and its session are the warmest.
    private readonly Stack<SessionWorker> idle = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int sessionsOfFullToken;
    private long fullSince;
    private int threads;
    private bool isStopped;

    // What others of the token's users have taken they may give back.
    private int Limit => sessionsOfFullToken > 0 && clock.GetElapsedTime(fullSince) < FullInterval ? sessionsOfFullToken : maxSessions;

    /// <returns>Fails with <see cref="AuthorityUnavailableException"/> when too many wait already, or the pool is stopped.</returns>
    public Task<T> RunAsync<T>(Func<KeySession, T> work, CancellationToken cancel)
    {
        var job = new SessionJob<T>(work, cancel);
        if (Give(job) is { } worker)
        {
            // Outside of the lock, which it would only wait for.
            worker.Wake();
        }
        return job.Result;
    }

    /// <summary>What waits is refused, what is being signed is finished. A call that hangs in the module is left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        List<SessionJob> left;
        lock (changing)
        {
            isStopped = true;
            left = [.. waiting];
            waiting.Clear();
            while (idle.TryPop(out var worker))
            {
                worker.Wake();
            }
            if (threads == 0)
            {
                ended.TrySetResult();
            }
        }
        foreach (var job in left)
        {
            job.Fail(new AuthorityUnavailableException("the CA is stopped", mayHaveIssued: false));
        }
        try
        {
            await ended.Task.WaitAsync(StopLimit);
        }
        finally
        {
            user.Dispose();
        }
    }

    /// <returns>The worker that is to be woken for it; null when it waits, a new thread does it, or it has failed.</returns>
    private SessionWorker? Give(SessionJob job)
    {
        lock (changing)
        {
            if (isStopped)
            {
                job.Fail(new AuthorityUnavailableException("the CA is stopped", mayHaveIssued: false));
                return null;
            }
            if (idle.TryPop(out var worker))
            {
                worker.Job = job;
                return worker;
            }
            var limit = Limit;
            if (threads < limit)
            {
                threads++;
                new Thread(Work) { IsBackground = true, Name = "PKCS#11" }.Start(new SessionWorker { Job = job });
                return null;
            }
            if (waiting.Count >= limit * WaitingPerSession)
            {
                DropAbandoned();
            }
            if (waiting.Count >= limit * WaitingPerSession)
            {
                job.Fail(new AuthorityUnavailableException(
                    $"all {limit} sessions of the HSM are busy and {waiting.Count} requests wait; raise max_sessions if the HSM allows more", mayHaveIssued: false));
                return null;
            }
            waiting.Enqueue(job);
            return null;
        }
    }

    private void Work(object? state)
    {
        KeySession? session = null;
        using (var worker = (SessionWorker)state!)
        {
            while (Next(worker) is { } job)
            {
                if (!job.IsOver && !Run(job, ref session))
                {
                    break;
                }
            }
        }
        user.Close(ref session);
        lock (changing)
        {
            threads--;
            if (isStopped && threads == 0)
            {
                ended.TrySetResult();
            }
        }
    }

    /// <returns>Null when the pool is stopped.</returns>
    private SessionJob? Next(SessionWorker worker)
    {
        if (worker.Take() is { } given)
        {
            return given;
        }
        lock (changing)
        {
            if (waiting.TryDequeue(out var job) || isStopped)
            {
                return job;
            }
            idle.Push(worker);
        }
        worker.Sleep();
        return worker.Take();
    }

    /// <returns>False when this thread has to go: the token has no session for it.</returns>
    private bool Run(SessionJob job, ref KeySession? session)
    {
        try
        {
            user.Run(ref session, job);
            job.Complete();
            return true;
        }
        catch (CryptokiException fault) when (fault.Code == ReturnCode.SessionCount && HandBack(job))
        {
            return false;
        }
        catch (Exception fault)
        {
            job.Fail(fault is NotSupportedException ? fault : new AuthorityUnavailableException(fault.Message, mayHaveIssued: false, fault));
            return true;
        }
    }

    private void DropAbandoned()
    {
        var wanted = waiting.Where(job => !job.IsOver).ToList();
        waiting.Clear();
        wanted.ForEach(waiting.Enqueue);
    }

    // The token has fewer sessions than we were allowed: the others do the work from now on, and nobody waits in vain for one more.
    private bool HandBack(SessionJob job)
    {
        lock (changing)
        {
            if (threads < 2 || isStopped)
            {
                return false;
            }
            (sessionsOfFullToken, fullSince) = (threads - 1, clock.GetTimestamp());
            if (idle.TryPop(out var other))
            {
                other.Job = job;
                other.Wake();
            }
            else
            {
                waiting.Enqueue(job);
            }
            return true;
        }
    }
}
