using Kipuka.Plugins.AuthGssapi.Gss;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>Judges the token of <c>Authorization: Negotiate</c> (RFC 4559). Calls of the library take less than a millisecond and wait for nobody.</summary>
internal sealed class GssapiAuthenticator(Func<GssContext> begin, IReadOnlyList<string> realms, PrincipalMap map, TimeProvider clock) : IAuthenticator
{
    private const string Scheme = "Negotiate";
    private const int LongestReason = 256;

    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(5);

    private readonly Exchanges exchanges = new(clock);

    private volatile bool disposed;

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancel.ThrowIfCancellationRequested();
        exchanges.Sweep();
        if (request.Peer.Credential is not { } credential || !credential.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(new AuthenticationResult.NotMine(Scheme));
        }
        using var token = NegotiateToken.Read(credential.Value.Reveal(), out var reason);
        return new(token is null ? Rejected(reason) : Judge(token, request.Peer.Connection));
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        exchanges.Dispose();
        return ValueTask.CompletedTask;
    }

    private AuthenticationResult Judge(NegotiateToken token, long connection)
    {
        var exchange = exchanges.Take(connection);
        if (token.IsInitial)
        {
            // A client that begins again has given up what it began before.
            exchange?.Dispose();
            exchange = new Exchange(begin(), clock.GetUtcNow() + Exchanges.Patience);
        }
        else if (exchange is null)
        {
            return Rejected("the token belongs to no exchange of this connection, or came too late");
        }
        var kept = false;
        try
        {
            switch (exchange.Accept(token))
            {
                case GssStep.Done done:
                    return Admit(done);
                case GssStep.Failed failed:
                    return Rejected(OneLine(failed.Reason));
                case GssStep.Further when connection == 0 || exchange.IsExhausted:
                    return Rejected("the exchange takes more steps than are allowed here");
                case GssStep.Further further:
                    kept = exchanges.TryKeep(connection, exchange);
                    return kept ? new AuthenticationResult.Continue(Header(further.Answer)) : new AuthenticationResult.Overloaded(Breath);
                case var other:
                    throw new InvalidOperationException($"{other} is no step that is known.");
            }
        }
        finally
        {
            if (!kept)
            {
                exchange.Dispose();
            }
        }
    }

    private AuthenticationResult Admit(GssStep.Done done)
    {
        if (PrincipalText.Read(done.Principal) is not { } principal)
        {
            return Forbidden("the principal's name is not text, or longer than 1024 bytes");
        }
        if (PrincipalText.IsAnonymous(principal))
        {
            return Forbidden("an anonymous ticket does not say who asks");
        }
        var realm = PrincipalText.RealmOf(principal);
        if (!realms.Contains(realm, StringComparer.Ordinal))
        {
            return Forbidden($"the realm {realm} is not allowed (allowed_realms)");
        }
        if (map.Find(principal) is not { } mapping)
        {
            return Forbidden($"principal not mapped: {principal}");
        }
        var identity = new Identity("gssapi", principal, principal)
        {
            Subject = mapping.Subject,
            Facts = new Dictionary<string, string> { ["mapped_by"] = mapping.Rule },
        };
        return new AuthenticationResult.Accepted(identity) { Answer = done.Answer.Length == 0 ? null : Header(done.Answer) };
    }

    private static string Header(byte[] token) => token.Length == 0 ? Scheme : $"{Scheme} {Convert.ToBase64String(token)}";

    private static AuthenticationResult.Rejected Rejected(string reason) => new(reason, Scheme);

    private static AuthenticationResult.Rejected Forbidden(string reason) => new(reason, Scheme) { Forbidden = true };

    // The library's words may repeat what the client chose, such as the name of the service it wanted.
    private static string OneLine(string reason)
        => string.Concat(reason.Take(LongestReason).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
}
