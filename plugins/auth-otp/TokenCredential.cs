using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The uses of one presented token.</summary>
internal sealed class TokenCredential(TokenStore tokens, string selector, bool exhausted, OtpMetrics metrics) : IOneTimeCredential
{
    private int counted;

    public bool IsExhausted => exhausted;

    public ValueTask<bool> HoldAsync(Guid transaction, DateTimeOffset until, CancellationToken cancel)
        => tokens.HoldAsync(selector, transaction, until, cancel);

    public async ValueTask<StoreWrite> SpendAsync(Guid transaction, CancellationToken cancel)
    {
        var write = await tokens.SpendAsync(selector, transaction, cancel);
        // The host asks again after a lost race for the value; that is still one certificate.
        if (Interlocked.Exchange(ref counted, 1) == 0)
        {
            metrics.Consumed.Add(1);
        }
        return write;
    }

    public ValueTask ReleaseAsync(Guid transaction, CancellationToken cancel) => tokens.ReleaseAsync(selector, transaction, cancel);
}
