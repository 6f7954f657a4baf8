using Kipuka.Catalog;
using Kipuka.Sdk.Ca;

namespace Kipuka.Ca;

/// <summary>Calls a CA's plugin so that it always ends in time, and always with the error that says whether a certificate may exist.</summary>
/// <param name="name">What errors begin with: <c>ca:default (file)</c>.</param>
/// <param name="clock">The clock.</param>
internal sealed class Deadline(string name, TimeProvider clock)
{
    private readonly PluginGuard guard = new(name, clock);

    /// <param name="what">The call in messages.</param>
    /// <param name="call">The call.</param>
    /// <param name="limit">When it is cancelled.</param>
    /// <param name="mayHaveIssued">Whether a certificate may exist when the call ends without an answer.</param>
    /// <param name="cancel">Ends the call early, with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="AuthorityUnavailableException">The call gave no answer.</exception>
    public async Task<T> CallAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, bool mayHaveIssued, CancellationToken cancel)
    {
        try
        {
            return await guard.CallAsync(what, call, limit, cancel);
        }
        catch (PluginFaultException fault) when (fault.InnerException is AuthorityUnavailableException said)
        {
            throw new AuthorityUnavailableException($"{name}: {said.Message}", said.MayHaveIssued && mayHaveIssued, said);
        }
        catch (PluginFaultException fault)
        {
            throw new AuthorityUnavailableException(fault.Message, mayHaveIssued && fault.WasCalled, fault);
        }
    }
}
