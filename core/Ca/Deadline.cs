using Kipuka.Sdk.Ca;

namespace Kipuka.Ca;

/// <summary>Calls a CA's plugin so that it always ends in time, and always with a named error.</summary>
/// <param name="name">What errors begin with: <c>ca:default (file)</c>.</param>
/// <param name="clock">The clock.</param>
internal sealed class Deadline(string name, TimeProvider clock)
{
    /// <summary>How long after the cancellation a plugin may take to say what it knows. A call that is deaf to cancellation is left behind.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <param name="call">The call; must not block its thread (the SDK's convention).</param>
    /// <param name="limit">When it is cancelled.</param>
    /// <param name="mayHaveIssued">Whether a certificate may exist when the call ends without an answer.</param>
    /// <param name="cancel">Ends the call early, with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="AuthorityUnavailableException">The call gave no answer.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, bool mayHaveIssued, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
        try
        {
            return await call(either.Token).AsTask().WaitAsync(limit + Grace, clock, CancellationToken.None);
        }
        catch (AuthorityUnavailableException fault)
        {
            throw new AuthorityUnavailableException($"{name}: {fault.Message}", fault.MayHaveIssued && mayHaveIssued, fault);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (timer.IsCancellationRequested)
        {
            throw new AuthorityUnavailableException($"{name}: no answer within {limit.TotalSeconds:0.###} s", mayHaveIssued, fault);
        }
        catch (Exception fault)
        {
            throw new AuthorityUnavailableException($"{name}: {fault.GetType().Name}: {fault.Message}", mayHaveIssued, fault);
        }
    }
}
