using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Auth;

/// <summary>A plugin's credential, called within limits. Made where the plugin itself is being called, for it is asked whether it is exhausted.</summary>
internal sealed class GuardedCredential(IOneTimeCredential credential, PluginGuard guard) : IOneTimeCredential
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public bool IsExhausted { get; } = credential.IsExhausted;

    public ValueTask<bool> HoldAsync(Guid transaction, DateTimeOffset until, CancellationToken cancel)
        => new(guard.CallAsync("holding a use", token => credential.HoldAsync(transaction, until, token), Limit, cancel, spares: true));

    public ValueTask<StoreWrite> SpendAsync(Guid transaction, CancellationToken cancel)
        => new(guard.CallAsync("spending a use", token => credential.SpendAsync(transaction, token), Limit, cancel));

    public ValueTask ReleaseAsync(Guid transaction, CancellationToken cancel)
        => new(guard.CallAsync("releasing a use", token => credential.ReleaseAsync(transaction, token), Limit, cancel));
}
