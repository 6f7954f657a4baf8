using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// Threads with a session each. C functions block, so they never run on the server's thread pool. Threads and sessions are made when they are
/// wanted, up to a limit; what comes then waits, up to a limit; what comes then is refused at once. With a quick token few of them do all the work.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    /// <summary>For each session: more than can be signed before clients give up.</summary>
    public const int WaitingPerSession = 32;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FullInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReliefInterval = TimeSpan.FromMilliseconds(50);

    private readonly KeyUser user;
    private readonly int maxSessions;
    private readonly TimeProvider clock;
    private readonly Pace pace;
    private readonly ITimer relief;
    private readonly Lock changing = new();
    private readonly Queue<SessionJob> waiting = [];
    // The one that was busy last comes first: its stack and its session are the warmest.
    private readonly Stack<SessionWorker> idle = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int sessionsOfFullToken;
    private long fullSince;
    private int threads;
    private bool isStopped;
    private bool isReliefDue;

    public SessionPool(KeyUser user, int maxSessions, TimeProvider clock)
    {
        (this.user, this.maxSessions, this.clock, pace) = (user, maxSessions, clock, new Pace(clock));
        relief = clock.CreateTimer(_ => Relieve(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // What others of the token's users have taken they may give back.
    private int Limit => sessionsOfFullToken > 0 && clock.GetElapsedTime(fullSince) < FullInterval ? sessionsOfFullToken : maxSessions;

    /// <returns>Fails with <see cref="AuthorityUnavailableException"/> when too many wait already, or the pool is stopped.</returns>
    public Task<T> RunAsync<T>(Func<KeySession, T> work, CancellationToken cancel)
    {
        var job = new SessionJob<T>(work, cancel);
        // Outside of the lock, which it would only wait for.
        Give(job)?.Wake();
        return job.Result;
    }

    /// <summary>What waits is refused, what is being signed is finished. A call that hangs in the module is left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        List<SessionJob> left;
        await relief.DisposeAsync();
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
            var limit = Limit;
            var isQuick = threads > idle.Count && waiting.Count < WaitingPerSession && pace.IsQuick(waiting.Count);
            if (!isQuick && TryBegin(job, limit, out var worker))
            {
                return worker;
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
            if (isQuick)
            {
                ScheduleRelief();
            }
            return null;
        }
    }

    /// <param name="job">For a thread that has nothing to do, or a new one.</param>
    /// <param name="limit">Of threads.</param>
    /// <param name="worker">The one that is to be woken; null when it is new.</param>
    private bool TryBegin(SessionJob job, int limit, out SessionWorker? worker)
    {
        if (idle.TryPop(out worker))
        {
            worker.Job = job;
        }
        else if (threads < limit)
        {
            threads++;
            new Thread(Work) { IsBackground = true, Name = "PKCS#11" }.Start(new SessionWorker { Job = job });
        }
        else
        {
            return false;
        }
        pace.Begin();
        return true;
    }

    // Whoever waits for threads that were quick, and are not now, gets another.
    private void Relieve()
    {
        SessionWorker? worker = null;
        lock (changing)
        {
            isReliefDue = false;
            if (isStopped || !waiting.TryPeek(out var job))
            {
                return;
            }
            if (!pace.IsQuick(0) && TryBegin(job, Limit, out worker))
            {
                waiting.Dequeue();
            }
            ScheduleRelief();
        }
        worker?.Wake();
    }

    private void ScheduleRelief()
    {
        if (!isReliefDue)
        {
            isReliefDue = relief.Change(ReliefInterval, Timeout.InfiniteTimeSpan);
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
            worker.Begun = clock.GetTimestamp();
            return given;
        }
        lock (changing)
        {
            pace.End(worker.Begun);
            if (waiting.TryDequeue(out var job) || isStopped)
            {
                worker.Begun = pace.Begin();
                return job;
            }
            idle.Push(worker);
            pace.Rest();
        }
        worker.Sleep();
        worker.Begun = clock.GetTimestamp();
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
