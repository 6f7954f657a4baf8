using System.Text.Json.Serialization;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>One token as it is stored: everything but the secret. Changes are new values; only the store makes them true.</summary>
internal sealed record Token
{
    /// <summary>The format that this version writes. A later one is refused: it may forbid something that we do not know.</summary>
    public const int CurrentFormat = 1;

    /// <summary>So many uses are known by transaction: as many enrollments can be open at the same time.</summary>
    private const int RememberedUses = 256;

    /// <summary>
    /// So many of them that are spent; of older ones only the number is kept. A spent use is asked for once more at most, when the answer to
    /// the commit that spent it got lost, and the whole value is read and written with every enrollment.
    /// </summary>
    private const int RememberedSpent = 32;

    public required int Format { get; init; }

    public required Guid Id { get; init; }

    public required HashedSecret Secret { get; init; }

    public string? Entity { get; init; }

    public string? ClientId { get; init; }

    public string? Subject { get; init; }

    public string? Label { get; init; }

    public string? EstLabel { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required int MaxUses { get; init; }

    public bool IsRevoked { get; init; }

    public bool IsExpiryAudited { get; init; }

    public int SpentEarlier { get; init; }

    public IReadOnlyList<TokenUse> Uses { get; init; } = [];

    [JsonIgnore]
    public string Selector => TokenText.Selector(Id);

    public bool IsExpired(DateTimeOffset now) => Expires <= now;

    /// <summary>Uses that are spent or held at this moment.</summary>
    public int Used(DateTimeOffset now) => SpentEarlier + Uses.Count(use => use.IsTaken(now));

    public int Remaining(DateTimeOffset now) => Math.Max(0, MaxUses - Used(now));

    /// <summary>Whether a client may give this user name: none, or the entity (where there is none, the client id).</summary>
    public bool Admits(string user) => user.Length == 0 || string.Equals(user, Entity ?? ClientId, StringComparison.Ordinal);

    /// <summary>With a use for the transaction; null when none is left. A transaction that has one keeps it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The hold would lapse at once and protect nothing.</exception>
    public Token? Hold(Guid transaction, DateTimeOffset until, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, now);
        if (Uses.FirstOrDefault(use => use.Transaction == transaction && use.IsTaken(now)) is { } own)
        {
            return own.Until is null || own.Until >= until ? this : Replace(own, own with { Until = until });
        }
        if (IsRevoked || IsExpired(now) || Remaining(now) == 0)
        {
            return null;
        }
        return (this with { Uses = [.. Uses.Where(use => use.IsTaken(now)), new TokenUse(transaction, until)] }).Forget();
    }

    /// <summary>With the transaction's use made final.</summary>
    /// <exception cref="InvalidOperationException">The hold lapsed and another transaction has taken the use.</exception>
    public Token Spend(Guid transaction, DateTimeOffset now)
    {
        if (Uses.FirstOrDefault(use => use.Transaction == transaction) is { } own)
        {
            return Replace(own, own with { Until = null });
        }
        return Remaining(now) > 0
            ? (this with { Uses = [.. Uses, new TokenUse(transaction, null)] }).Forget()
            : throw new InvalidOperationException($"The hold on token {Id} lapsed unspent, and its last use has been taken since.");
    }

    /// <summary>Without the transaction's hold. What is spent stays spent.</summary>
    public Token Release(Guid transaction)
        => Uses.FirstOrDefault(use => use.Transaction == transaction && use.Until is not null) is { } own
            ? this with { Uses = [.. Uses.Where(use => use != own)] }
            : this;

    /// <summary>The id; neither hash nor descriptions.</summary>
    public override string ToString() => Id.ToString();

    private Token Replace(TokenUse old, TokenUse by) => this with { Uses = [.. Uses.Select(use => use == old ? by : use)] };

    // A value in the store has a largest size, a token may have a million uses.
    private Token Forget()
    {
        var spent = Uses.Count(use => use.Until is null);
        var surplus = Math.Max(0, Math.Max(spent - RememberedSpent, Uses.Count - RememberedUses));
        if (surplus == 0)
        {
            return this;
        }
        if (surplus > spent)
        {
            throw new InvalidOperationException($"Token {Id} has {RememberedUses} enrollments open at the same time; none more fits.");
        }
        var oldest = Uses.Where(use => use.Until is null).Take(surplus).ToHashSet();
        return this with { SpentEarlier = SpentEarlier + surplus, Uses = [.. Uses.Where(use => !oldest.Contains(use))] };
    }
}
