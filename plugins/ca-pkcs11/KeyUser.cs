using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// Uses sessions, and heals what can be healed: a session that was lost is opened anew, a module that somebody finalised is initialised again, and one
/// that no longer finds its token is restarted. Says once that the HSM is lost, and once that it is back.
/// </summary>
internal sealed class KeyUser(KeyOpener opener, ILogger log) : IDisposable
{
    private const int Attempts = 3;
    private readonly Lock changing = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool hasWorked;
    private bool isHealthy;
    private bool isQuiet = true;
    private string? said;

    /// <summary>Ends when the key has been used for the first time; is cancelled when it never will be.</summary>
    public Task Begun => begun.Task;

    /// <summary>From here on faults are logged; what the start meets its caller tells.</summary>
    public void Speak()
    {
        lock (changing)
        {
            isQuiet = false;
        }
    }

    /// <param name="session">The thread's session; null when it has none (any more).</param>
    /// <param name="job">What is to be done with one.</param>
    /// <exception cref="HsmException">The HSM cannot be used.</exception>
    /// <exception cref="CryptokiException">The module answers with an error that lasts.</exception>
    public void Run(ref KeySession? session, SessionJob job)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                session ??= opener.Open();
                job.Run(session);
                Worked();
                return;
            }
            catch (Exception fault) when (fault is CryptokiException or HsmException)
            {
                Close(ref session);
                // The token is full: whoever has a session goes on with it, so this is no fault of the HSM's.
                if (fault is CryptokiException { Code: ReturnCode.SessionCount })
                {
                    throw;
                }
                if (attempt >= Attempts || !CanHeal(fault) || !Heal(fault, attempt))
                {
                    Failed(fault);
                    throw;
                }
            }
        }
    }

    public void Close(ref KeySession? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (CryptokiException fault)
        {
            log.LogDebug(fault, "A session could not be closed: {Reason}", fault.Message);
        }
        session = null;
    }

    public void Dispose()
    {
        begun.TrySetCanceled();
        Change(false);
    }

    private bool CanHeal(Exception fault) => fault switch
    {
        CryptokiException { Code: var code } => !ReturnCode.IsFinal(code),
        PinException => false,
        // A key that was there before has gone with its token; at the start it was never there.
        HsmException { IsSetup: var isSetup } => hasWorked || !isSetup,
        _ => false,
    };

    private bool Heal(Exception fault, int attempt)
    {
        try
        {
            if (fault is CryptokiException { Code: ReturnCode.CryptokiNotInitialized })
            {
                opener.Module.Initialize();
                return true;
            }
            // First a new session, since that is what most faults need; then a new beginning.
            // A CA that has never worked is likely to be configured wrongly, which others must not suffer from.
            return attempt == 1 || ((hasWorked || opener.Module.Shared.HealthyUsers == 0) && opener.Module.TryRestart());
        }
        catch (Exception worse) when (worse is CryptokiException or HsmException)
        {
            log.LogDebug(worse, "The module does not start again: {Reason}", worse.Message);
            return false;
        }
    }

    private void Worked()
    {
        hasWorked = true;
        if (Volatile.Read(ref isHealthy))
        {
            return;
        }
        lock (changing)
        {
            if (said is not null)
            {
                log.LogInformation("The HSM works again.");
                said = null;
            }
        }
        Change(true);
        begun.TrySetResult();
    }

    private void Failed(Exception fault)
    {
        Change(false);
        lock (changing)
        {
            if (said is null && !isQuiet)
            {
                log.LogError("The HSM does not work: {Reason}", fault.Message);
            }
            said ??= fault.Message;
        }
    }

    private void Change(bool healthy)
    {
        lock (changing)
        {
            if (isHealthy != healthy)
            {
                Volatile.Write(ref isHealthy, healthy);
                opener.Module.Shared.CountHealthy(healthy ? 1 : -1);
            }
        }
    }
}
