using Kipuka.Telemetry;

namespace Kipuka.Catalog;

/// <summary>
/// Calls a plugin's service so that every call ends in time: with an answer, or with a <see cref="PluginFaultException"/> that names the instance. A
/// plugin that hangs costs its own callers their time, and nobody else anything.
/// </summary>
/// <param name="name">What faults begin with: <c>auth:otp (otp)</c>.</param>
/// <param name="clock">The clock.</param>
/// <param name="mostLeft">How many calls may be left behind, still running, before the service is called no more.</param>
internal sealed class PluginGuard(string name, TimeProvider clock, int mostLeft = PluginGuard.UsualLeft)
{
    /// <summary>How long after its cancellation a call may take to end. One that is deaf to cancellation is left behind.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private const int UsualLeft = 16;
    private const int HangsToPause = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private int left;
    private int hangs;
    private long paused;
    private volatile string? fault;

    /// <summary>What was wrong with the last call; null when it answered.</summary>
    public string? Fault => fault;

    /// <param name="what">The call in messages: <c>authentication</c>.</param>
    /// <param name="call">The call. It runs on a thread of its own: a plugin that blocks its thread is one that hangs.</param>
    /// <param name="limit">When it is cancelled.</param>
    /// <param name="cancel">Ends it early, with <see cref="OperationCanceledException"/>.</param>
    /// <param name="spares">After some calls that hang one after the other, calls are refused for a moment instead of waiting for the next hang.</param>
    /// <exception cref="PluginFaultException">There is no answer.</exception>
    public async Task<T> CallAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, CancellationToken cancel, bool spares = false)
    {
        cancel.ThrowIfCancellationRequested();
        Admit(what, spares);
        var began = clock.GetTimestamp();
        var outcome = "answered";
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        var token = either.Token;
        var running = Task.Run(async () => await call(token), CancellationToken.None);
        try
        {
            var answer = await AnswerAsync(running, token);
            Worked();
            return answer;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Whatever the plugin makes of it, the caller has what it wanted.
            outcome = "cancelled";
            throw new OperationCanceledException(cancel);
        }
        catch (Exception ending) when (timer.IsCancellationRequested)
        {
            outcome = "hung";
            throw Hung(new PluginFaultException($"{name}: {what}", $"no answer within {limit.TotalSeconds:0.###} s", ending));
        }
        catch (Exception thrown)
        {
            outcome = "failed";
            throw Failed(new PluginFaultException($"{name}: {what}: {thrown.GetType().Name}", thrown.Message, thrown));
        }
        finally
        {
            Metrics.PluginCalls.Record(clock.GetElapsedTime(began).TotalSeconds, new("instance", name), new("call", what), new("outcome", outcome));
        }
    }

    /// <summary>The same for calls without an answer.</summary>
    public Task CallAsync(string what, Func<CancellationToken, ValueTask> call, TimeSpan limit, CancellationToken cancel)
        => CallAsync(what, async token =>
        {
            await call(token);
            return true;
        }, limit, cancel);

    private void Admit(string what, bool spares)
    {
        lock (gate)
        {
            if (left >= mostLeft)
            {
                throw new PluginFaultException($"{name}: {what}", $"not called, because {left} call(s) that hang have not come back") { WasCalled = false };
            }
            if (!spares || hangs < HangsToPause)
            {
                return;
            }
            if (clock.GetElapsedTime(paused) < Pause)
            {
                throw new PluginFaultException($"{name}: {what}", $"not called, because the last {hangs} calls gave no answer") { WasCalled = false };
            }
            // This one finds out; the others wait for what it finds.
            paused = clock.GetTimestamp();
        }
    }

    private async Task<T> AnswerAsync<T>(Task<T> running, CancellationToken token)
    {
        await ((Task)running).WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
        {
            await ((Task)running).WaitAsync(Grace, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (running.IsCompleted)
        {
            return await running;
        }
        Leave(running);
        throw new TimeoutException();
    }

    private void Leave(Task running)
    {
        lock (gate)
        {
            left++;
        }
        _ = ReturnAsync();

        async Task ReturnAsync()
        {
            // What it says now is for nobody.
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
            {
                left--;
            }
        }
    }

    private void Worked()
    {
        lock (gate)
        {
            hangs = 0;
            fault = null;
        }
    }

    private PluginFaultException Hung(PluginFaultException hang)
    {
        lock (gate)
        {
            hangs++;
            paused = clock.GetTimestamp();
            fault = hang.Message;
        }
        return hang;
    }

    private PluginFaultException Failed(PluginFaultException failure)
    {
        lock (gate)
        {
            hangs = 0;
            fault = failure.Message;
        }
        return failure;
    }
}
