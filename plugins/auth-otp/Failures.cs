using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>What wrong secrets lead to: a count for the token and one for the address, and one audit record a lockout.</summary>
internal sealed class Failures(OtpSettings settings, Lockout lockout, OtpMetrics metrics)
{
    /// <summary>What is left of the address's lockout; null when there is none.</summary>
    public ValueTask<TimeSpan?> LockOfAsync(IPAddress address, CancellationToken cancel)
        => lockout.RemainingAsync(Lockout.KeyOf(address), cancel);

    /// <summary>What is left of the token's lockout; null when there is none.</summary>
    public ValueTask<TimeSpan?> LockOfAsync(Token token, CancellationToken cancel)
        => lockout.RemainingAsync(Lockout.KeyOf(token.Selector), cancel);

    /// <summary>Counts a wrong secret, or an unknown token. Not to be cancelled: hanging up must not undo a failure.</summary>
    public async ValueTask CountAsync(Token? token, IPAddress address)
    {
        if (token is not null)
        {
            var fields = new Dictionary<string, string> { ["token_id"] = token.Id.ToString() };
            if (token.Entity is { } entity)
            {
                fields["entity_id"] = entity;
            }
            await CountAsync(Lockout.KeyOf(token.Selector), settings.MaxFailures, address, fields);
        }
        await CountAsync(Lockout.KeyOf(address), settings.MaxFailuresPerAddress, address, []);
    }

    /// <summary>Forgets the token's failures. The address's stay: whoever owns one good token may still be guessing others.</summary>
    /// <returns>What is left of a lockout that has begun meanwhile; null when all is well.</returns>
    public async ValueTask<TimeSpan?> ClearAsync(Token token, IPAddress address, CancellationToken cancel)
        => await LockOfAsync(address, cancel) ?? await lockout.ClearAsync(Lockout.KeyOf(token.Selector), cancel);

    private async ValueTask CountAsync(string key, int limit, IPAddress address, Dictionary<string, string> fields)
    {
        if (await lockout.CountAsync(key, limit, Begun, CancellationToken.None))
        {
            metrics.Lockouts.Add(1);
        }

        AuditNote Begun(DateTimeOffset until) => new("auth.otp.lockout", false, null, new Dictionary<string, string>(fields)
        {
            ["reason"] = "lockout",
            ["address"] = address.ToString(),
            ["until"] = TokenJson.Text(until),
        });
    }
}
