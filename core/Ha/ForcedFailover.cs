namespace Kipuka.Ha;

/// <summary>An operator's word about a group, until it expires or is taken back: one member before all others, or one not at all.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="To">The member that is asked first; the others stand by. Null where one is taken off.</param>
/// <param name="Off">The member that is asked no more. Null where one is preferred.</param>
/// <param name="Reason">One line for other operators; null for none.</param>
/// <param name="CreatedBy">The operator.</param>
/// <param name="CreatedAt">When it was said.</param>
/// <param name="ExpiresAt">When it is over by itself.</param>
internal sealed record ForcedFailover(
    string Group, string? To, string? Off, string? Reason, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
