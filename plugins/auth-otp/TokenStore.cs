using System.Runtime.CompilerServices;
using System.Text.Json;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The tokens in the shared store, one value each, found by their selector.</summary>
internal sealed class TokenStore(IPluginHost host, StoreUpdates updates)
{
    // A repeat is recognised, and an expired token told from an unknown one, for as long as this after its end.
    private static readonly TimeSpan KeptAfterwards = TimeSpan.FromDays(1);

    /// <summary>False when the selector is taken.</summary>
    public ValueTask<bool> AddAsync(Token token, AuditNote note, CancellationToken cancel) => host.WriteAsync(Write(token, 0), note, cancel);

    public async ValueTask<Token?> FindAsync(string selector, CancellationToken cancel)
        => await host.Store.GetAsync(KeyOf(selector), cancel) is { } stored ? Read(stored) : null;

    public async IAsyncEnumerable<Token> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var stored in host.Store.ListAsync(KeyOf(""), cancel))
        {
            yield return Read(stored);
        }
    }

    /// <summary>Takes a use for the transaction; false when none is left.</summary>
    public ValueTask<bool> HoldAsync(string selector, Guid transaction, DateTimeOffset until, CancellationToken cancel)
        => ChangeAsync(selector, token => token.Hold(transaction, until, host.Clock.GetUtcNow()), cancel);

    public async ValueTask ReleaseAsync(string selector, Guid transaction, CancellationToken cancel)
        => await ChangeAsync(selector, token => token.Release(transaction), cancel);

    /// <summary>The write that makes the hold final, for the host to commit.</summary>
    /// <exception cref="InvalidOperationException">There is nothing left to spend.</exception>
    public async ValueTask<StoreWrite> SpendAsync(string selector, Guid transaction, CancellationToken cancel)
    {
        var stored = await host.Store.GetAsync(KeyOf(selector), cancel)
            ?? throw new InvalidOperationException($"Token {selector} is no longer in the store.");
        return Write(Read(stored).Spend(transaction, host.Clock.GetUtcNow()), stored.Version);
    }

    /// <summary>True when there was a token that could be revoked.</summary>
    public ValueTask<bool> RevokeAsync(string selector, AuditNote note, CancellationToken cancel) => ChangeAsync(
        selector,
        token => token.IsRevoked || token.IsExpired(host.Clock.GetUtcNow()) ? null : token with { IsRevoked = true },
        cancel,
        note);

    /// <summary>Records it exactly once in a token's life.</summary>
    public async ValueTask NoteExpiryAsync(string selector, AuditNote note, CancellationToken cancel)
        => await ChangeAsync(selector, token => token.IsExpiryAudited ? null : token with { IsExpiryAudited = true }, cancel, note);

    // Null from the change means that it is not possible; the same object that nothing needs writing.
    private ValueTask<bool> ChangeAsync(string selector, Func<Token, Token?> change, CancellationToken cancel, AuditNote? note = null) => updates.UpdateAsync(
        KeyOf(selector),
        stored =>
        {
            var before = stored is null ? null : Read(stored);
            var after = before is null ? null : change(before);
            return (after is null || ReferenceEquals(after, before) ? null : Write(after, stored!.Version), note, after is not null);
        },
        cancel);

    private static string KeyOf(string selector) => $"token/{selector}";

    private static StoreWrite Write(Token token, long version)
    {
        var end = token.Uses.Max(use => use.Until) is { } until && until > token.Expires ? until : token.Expires;
        var value = JsonSerializer.SerializeToUtf8Bytes(token, OtpJson.Default.Token);
        return new StoreWrite(KeyOf(token.Selector), value, version, end + KeptAfterwards);
    }

    private static Token Read(StoredValue stored)
        => JsonSerializer.Deserialize(stored.Value.Span, OtpJson.Default.Token) is { Format: Token.CurrentFormat } token
            ? token
            : throw new InvalidDataException($"{stored.Key} in the store was written by another version of this plugin.");
}
