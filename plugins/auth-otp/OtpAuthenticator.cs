using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Judges the password of HTTP Basic.</summary>
internal sealed class OtpAuthenticator : IAuthenticator, IAdminActions
{
    // RFC 7617 section 2: the realm is mandatory.
    private const string Challenge = "Basic realm=\"est\"";
    private const string Invalid = "invalid OTP token";

    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(5);

    private readonly OtpSettings settings;
    private readonly IPluginHost host;
    private readonly StoreUpdates updates;
    private readonly HashQueue hashes;
    private readonly TokenStore tokens;
    private readonly OtpMetrics metrics;
    private readonly Failures failures;
    private readonly OtpAdmin admin;
    private readonly ExpirySweep expiry;
    private volatile bool disposed;

    public OtpAuthenticator(OtpSettings settings, IPluginHost host)
    {
        this.settings = settings;
        this.host = host;
        metrics = new OtpMetrics(host.Meter);
        updates = new StoreUpdates(host);
        hashes = new HashQueue(settings.HashParallelism ?? Math.Max(1, Environment.ProcessorCount / 2), settings.HashQueue);
        tokens = new TokenStore(host, updates);
        failures = new Failures(settings, new Lockout(settings, host, updates), metrics);
        admin = new OtpAdmin(settings, host, tokens, hashes, metrics);
        expiry = new ExpirySweep(host, tokens);
    }

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!settings.Enabled)
        {
            return new AuthenticationResult.NotMine();
        }
        if (request.Peer.Credential is not { } credential || !credential.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return new AuthenticationResult.NotMine(Challenge);
        }
        using var basic = BasicCredential.Read(credential.Value.Reveal());
        return basic is null ? Rejected("malformed Basic credential") : await JudgeAsync(request, basic, cancel);
    }

    public ValueTask<AdminAnswer> RunAsync(AdminCall call, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return admin.RunAsync(call, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await expiry.DisposeAsync();
        hashes.Dispose();
        updates.Dispose();
    }

    private async ValueTask<AuthenticationResult> JudgeAsync(AuthenticationRequest request, BasicCredential basic, CancellationToken cancel)
    {
        var address = request.Peer.Address.Address;
        if (await failures.LockOfAsync(address, cancel) is { } addressLocked)
        {
            return Locked(addressLocked);
        }
        if (!TokenText.TrySplit(basic.Password.Reveal(), out var selector, out _)
            || await tokens.FindAsync(selector, cancel) is not { } token)
        {
            // Without hashing: an unknown token must cost us nothing. Counted even if the client has hung up meanwhile.
            await failures.CountAsync(null, address);
            return Rejected(Invalid);
        }
        if (await failures.LockOfAsync(token, cancel) is { } locked)
        {
            return Locked(locked);
        }
        var (ran, matches) = await hashes.TryRunAsync(
            () => SecretHash.Matches(token.Secret, basic.Password.Reveal()[TokenText.SelectorLength..]), cancel);
        if (!ran)
        {
            metrics.Overloads.Add(1);
            return new AuthenticationResult.Overloaded(Breath);
        }
        if (!matches)
        {
            await failures.CountAsync(token, address);
            return Rejected(Invalid);
        }
        // Parallel guesses may have locked the token while this one was hashed: then being right comes too late.
        return await failures.ClearAsync(token, address, cancel) is { } lockedMeanwhile
            ? Locked(lockedMeanwhile)
            : await AdmitAsync(request, basic.User, token, cancel);
    }

    // The secret is right; what follows is no guess and counts no failure.
    private async ValueTask<AuthenticationResult> AdmitAsync(
        AuthenticationRequest request, string user, Token token, CancellationToken cancel)
    {
        var now = host.Clock.GetUtcNow();
        if (token.IsRevoked)
        {
            return Rejected("the OTP token was revoked");
        }
        if (token.IsExpired(now))
        {
            await expiry.NoteAsync(token, Describe(token), cancel);
            return Rejected("the OTP token has expired");
        }
        if (!token.Admits(user))
        {
            return Rejected("the user name does not belong to the OTP token");
        }
        if (token.EstLabel is { } only && !string.Equals(only, request.Label, StringComparison.Ordinal))
        {
            return Rejected("the OTP token is not for this label");
        }
        return new AuthenticationResult.Accepted(
            Describe(token), new TokenCredential(tokens, token.Selector, token.Remaining(now) == 0, metrics));
    }

    public static Identity Describe(Token token)
    {
        var facts = new Dictionary<string, string> { ["token_id"] = token.Id.ToString() };
        if (token.Entity is { } entity)
        {
            facts["entity_id"] = entity;
        }
        return new Identity("otp", token.Selector, token.Entity ?? token.Selector) { Facts = facts };
    }

    private static AuthenticationResult.Rejected Rejected(string reason) => new(reason, Challenge);

    private static AuthenticationResult.Rejected Locked(TimeSpan remaining)
        => new("too many failures, locked out", Challenge) { Forbidden = true, RetryAfter = remaining };
}
