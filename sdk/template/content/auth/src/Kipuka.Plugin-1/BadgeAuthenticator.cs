using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugin_1;

/// <summary>Looks for the badge that a client presents. Called concurrently; what clients send is answered, never thrown at.</summary>
internal sealed class BadgeAuthenticator(BadgeSettings settings) : IAuthenticator
{
    private const string Scheme = "Badge";
    private const string Challenge = "Badge realm=\"est\"";

    private volatile bool disposed;

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancel.ThrowIfCancellationRequested();
        // A credential of another method is not ours to reject.
        if (request.Peer.Credential is not { } credential || !credential.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(new AuthenticationResult.NotMine(Challenge));
        }
        foreach (var (name, badge) in settings.Badges)
        {
            if (badge.Matches(credential.Value.Reveal()))
            {
                return new(new AuthenticationResult.Accepted(new Identity("plugin-1-name", name, name)));
            }
        }
        return new(new AuthenticationResult.Rejected("the badge is not known", Challenge));
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return default;
    }
}
