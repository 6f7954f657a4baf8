using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Records that tokens have expired with uses left: each once, whichever node sees it first.</summary>
internal sealed class ExpirySweep : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly IPluginHost host;
    private readonly TokenStore tokens;
    private readonly PeriodicTimer timer;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private int disposed;

    public ExpirySweep(IPluginHost host, TokenStore tokens)
    {
        this.host = host;
        this.tokens = tokens;
        timer = new PeriodicTimer(Interval, host.Clock);
        running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }
        await stop.CancelAsync();
        timer.Dispose();
        await running;
        stop.Dispose();
    }

    /// <summary>Records the expiry of a token, unless that was done.</summary>
    public ValueTask NoteAsync(Token token, Identity identity, CancellationToken cancel)
        => tokens.NoteExpiryAsync(token.Selector, new AuditNote("otp.expired", false, identity, identity.Facts), cancel);

    private async Task RunAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                var now = host.Clock.GetUtcNow();
                await foreach (var token in tokens.ListAsync(stop.Token))
                {
                    if (token.IsExpired(now) && !token.IsExpiryAudited && !token.IsRevoked && token.Remaining(now) > 0)
                    {
                        await NoteAsync(token, OtpAuthenticator.Describe(token), stop.Token);
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                host.Logger.LogWarning(fault, "Expired one-time passwords could not be looked for; it is tried again: {Reason}", fault.Message);
            }
        }
    }
}
