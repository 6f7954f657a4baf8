namespace Kipuka.Store;

/// <summary>What the ledger knows about a CA's work.</summary>
/// <param name="IssuedToday">Since midnight UTC.</param>
/// <param name="IssuedTotal">Ever.</param>
/// <param name="Active">Neither revoked nor expired.</param>
/// <param name="LastIssued">Null when it has issued nothing.</param>
internal sealed record AuthorityFigures(long IssuedToday, long IssuedTotal, long Active, DateTimeOffset? LastIssued);
