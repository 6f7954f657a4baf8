namespace Kipuka.Policy;

/// <summary>Why a request got no certificate. The Est room maps each to a status, in one table.</summary>
internal enum RefusalKind
{
    /// <summary>The request is not what its RFC says.</summary>
    Malformed,

    /// <summary>Possession of the key, or the binding to the connection, is not proven.</summary>
    Unproven,

    /// <summary>The label's policy does not allow it; the detail names the constraint.</summary>
    Policy,

    /// <summary>No acceptable proof of identity.</summary>
    Unauthenticated,

    /// <summary>This identity may not have it.</summary>
    Forbidden,

    /// <summary>No such label, or the operation is switched off.</summary>
    NotFound,

    /// <summary>Nothing can be issued now; the same request may be sent again.</summary>
    Unavailable,

    /// <summary>A fault of ours.</summary>
    Fault,
}

/// <summary>A refusal, as a value.</summary>
/// <param name="Kind">Whose fault it is, and what it concerns.</param>
/// <param name="Code">Machine-readable: <c>key-type</c>, <c>subject-pattern</c>.</param>
/// <param name="Detail">One client-safe line: what is wrong, and which constraint says so.</param>
/// <param name="RetryAfter">When to come back, where that makes sense.</param>
internal sealed record Refusal(RefusalKind Kind, string Code, string Detail, TimeSpan? RetryAfter = null);
