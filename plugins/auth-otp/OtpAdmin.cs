using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>What administrators do with tokens.</summary>
internal sealed class OtpAdmin(OtpSettings settings, IPluginHost host, TokenStore tokens, HashQueue hashes, OtpMetrics metrics)
{
    public const string Create = "otp create";
    public const string List = "otp list";
    public const string Revoke = "otp revoke";
    public const string CreateSummary = "Creates a one-time password; the answer is the only place where it is ever shown.";

    public ValueTask<AdminAnswer> RunAsync(AdminCall call, CancellationToken cancel) => call.Command switch
    {
        Create => CreateAsync(call, cancel),
        List => ListAsync(cancel),
        Revoke => RevokeAsync(call, cancel),
        _ => throw new ArgumentException($"This plugin has declared no command \"{call.Command}\".", nameof(call)),
    };

    private async ValueTask<AdminAnswer> CreateAsync(AdminCall call, CancellationToken cancel)
    {
        if (!settings.Enabled)
        {
            return AdminAnswer.Error(409, "otp_disabled", "One-time passwords are switched off; set enabled = true in [otp].");
        }
        var now = WholeSeconds(host.Clock.GetUtcNow());
        var request = new TokenRequest();
        if (request.Read(call.Body, now) is { } problem)
        {
            return AdminAnswer.Error(400, "invalid_request", problem);
        }
        var text = GC.AllocateArray<byte>(TokenText.SelectorLength + settings.TokenLength, pinned: true);
        try
        {
            var secret = text.AsMemory(TokenText.SelectorLength);
            TokenText.FillSecret(secret.Span);
            var (ran, hash) = await hashes.TryRunAsync(() => SecretHash.Create(settings.HashAlgorithm, secret.Span), cancel);
            if (!ran)
            {
                metrics.Overloads.Add(1);
                return AdminAnswer.Error(429, "busy", "Too many passwords are being hashed at this moment; try again in a few seconds.");
            }
            var token = await AddAsync(request, hash!, now, call.Operator, cancel);
            Encoding.ASCII.GetBytes(token.Selector, text);
            metrics.Generated.Add(1);
            return new AdminAnswer(201, TokenJson.Created(token, text, now));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private async ValueTask<Token> AddAsync(TokenRequest request, HashedSecret hash, DateTimeOffset now, Identity creator, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var token = new Token
            {
                Format = Token.CurrentFormat,
                Id = TokenText.NewId(),
                Secret = hash,
                Entity = request.Entity,
                ClientId = request.ClientId,
                Subject = request.Subject,
                Label = request.Label,
                EstLabel = request.EstLabel,
                Created = now,
                Expires = request.Expires ?? now + (request.Life ?? settings.DefaultTtl),
                MaxUses = request.MaxUses ?? settings.MaxUses,
            };
            if (await tokens.AddAsync(token, new AuditNote("otp.created", true, creator, Describe(token)), cancel))
            {
                return token;
            }
        }
        throw new InvalidOperationException("No free selector was found for a new token.");
    }

    private async ValueTask<AdminAnswer> ListAsync(CancellationToken cancel)
    {
        var now = host.Clock.GetUtcNow();
        List<Token> active = [];
        await foreach (var token in tokens.ListAsync(cancel))
        {
            if (!token.IsRevoked && !token.IsExpired(now) && token.Remaining(now) > 0)
            {
                active.Add(token);
            }
        }
        return new AdminAnswer(200, TokenJson.List(active.OrderBy(token => token.Created), now));
    }

    private async ValueTask<AdminAnswer> RevokeAsync(AdminCall call, CancellationToken cancel)
    {
        if (!Guid.TryParse(call.Parameters.GetValueOrDefault("id"), out var id)
            || !await tokens.RevokeAsync(TokenText.Selector(id), Revoked(id, call.Operator), cancel))
        {
            return AdminAnswer.Error(404, "not_found", "There is no active one-time password with this id.");
        }
        return new AdminAnswer(204, null);
    }

    private static AuditNote Revoked(Guid id, Identity by) => new("otp.revoked", true, by, new Dictionary<string, string> { ["token_id"] = id.ToString() });

    private static Dictionary<string, string> Describe(Token token)
    {
        var fields = new Dictionary<string, string>
        {
            ["token_id"] = token.Id.ToString(),
            ["expires"] = TokenJson.Text(token.Expires),
            ["max_uses"] = token.MaxUses.ToString(CultureInfo.InvariantCulture),
        };
        Note("entity_id", token.Entity);
        Note("client_id", token.ClientId);
        Note("subject", token.Subject);
        Note("label", token.Label);
        Note("est_label", token.EstLabel);
        return fields;

        void Note(string name, string? value)
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
