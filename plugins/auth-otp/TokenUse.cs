namespace Kipuka.Plugins.AuthOtp;

/// <summary>One use of a token.</summary>
/// <param name="Transaction">The ledger's transaction that took it.</param>
/// <param name="Until">When the hold lapses; null when the use is spent for good.</param>
internal sealed record TokenUse(Guid Transaction, DateTimeOffset? Until)
{
    public bool IsTaken(DateTimeOffset now) => Until is null || Until > now;
}
