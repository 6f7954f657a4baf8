namespace Kipuka.Sdk.Ca;

/// <summary>An authority gave no answer: a lost session, an unreachable server, a timeout.</summary>
/// <param name="message">What happened, for the operator; no secrets.</param>
/// <param name="mayHaveIssued">Whether a certificate may exist all the same. When in doubt, true.</param>
/// <param name="inner">The cause.</param>
public sealed class AuthorityUnavailableException(string message, bool mayHaveIssued, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a certificate may exist all the same.</summary>
    public bool MayHaveIssued => mayHaveIssued;
}
