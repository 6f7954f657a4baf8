using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary><c>enabled = false</c>: nothing is read and nothing is offered.</summary>
internal sealed class DisabledAuthenticator : IAuthenticator
{
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
        => ValueTask.FromResult<AuthenticationResult>(new AuthenticationResult.NotMine());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
