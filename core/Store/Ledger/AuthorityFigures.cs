namespace Kipuka.Store;

/// <summary>What the ledger knows about a CA's work.</summary>
/// <param name="IssuedToday">Since midnight UTC.</param>
/// <param name="IssuedTotal">Ever.</param>
/// <param name="Active">Neither revoked nor expired.</param>
/// <param name="LastIssued">Null when it has issued nothing.</param>
internal sealed record AuthorityFigures(long IssuedToday, long IssuedTotal, long Active, DateTimeOffset? LastIssued)
{
    public static AuthorityFigures None { get; } = new(0, 0, 0, null);

    public AuthorityFigures And(AuthorityFigures older) => new(
        IssuedToday + older.IssuedToday, IssuedTotal + older.IssuedTotal, Active + older.Active,
        LastIssued is { } last && !(older.LastIssued > last) ? last : older.LastIssued);
}

/// <summary>The figures of all CAs.</summary>
/// <param name="ByAuthority">Of those that have issued something.</param>
/// <param name="IsComplete">False when older certificates have not been counted yet: the numbers will grow.</param>
internal sealed record LedgerFigures(IReadOnlyDictionary<string, AuthorityFigures> ByAuthority, bool IsComplete)
{
    public AuthorityFigures Of(string authority) => ByAuthority.GetValueOrDefault(authority, AuthorityFigures.None);
}
