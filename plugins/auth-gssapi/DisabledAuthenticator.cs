using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary><c>enabled = false</c>: nothing is read and nothing is offered.</summary>
internal sealed class DisabledAuthenticator : IAuthenticator
{
    private volatile bool disposed;

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return ValueTask.FromResult<AuthenticationResult>(new AuthenticationResult.NotMine());
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return ValueTask.CompletedTask;
    }
}
