namespace Kipuka.Store;

/// <summary>What became of a revocation.</summary>
internal enum RevokeOutcome
{
    Revoked,
    AlreadyRevoked,
    Unknown,
}
