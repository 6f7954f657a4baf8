namespace Kipuka.Sdk.Auth;

/// <summary>The four answers of an authenticator. A closed set: nothing else can be made.</summary>
public abstract record AuthenticationResult
{
    private AuthenticationResult()
    {
    }

    /// <summary>Nothing was presented that this method reads.</summary>
    /// <param name="Challenge">The <c>WWW-Authenticate</c> value that offers this method; null when it has none.</param>
    public sealed record NotMine(string? Challenge = null) : AuthenticationResult;

    /// <summary>Something was presented that this method reads, and it does not prove an identity.</summary>
    /// <param name="Reason">For the audit record and the client, one line that tells an attacker nothing (RFC 7030 section 3.2.3).</param>
    /// <param name="Challenge">The <c>WWW-Authenticate</c> value that offers this method; null when it has none.</param>
    public sealed record Rejected(string Reason, string? Challenge = null) : AuthenticationResult
    {
        /// <summary>Answered 403 instead of 401, and no other method is asked.</summary>
        public bool Forbidden { get; init; }

        /// <summary>When another try makes sense (a lockout); rounded up to whole seconds.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>The peer could not be judged because this method is overloaded: 503, nothing counted against the peer.</summary>
    /// <param name="RetryAfter">When another try makes sense.</param>
    public sealed record Overloaded(TimeSpan RetryAfter) : AuthenticationResult;

    /// <summary>The peer's identity is proven.</summary>
    /// <param name="Identity">Who it is.</param>
    /// <param name="Credential">Present when the proof can be used a limited number of times.</param>
    public sealed record Accepted(Identity Identity, IOneTimeCredential? Credential = null) : AuthenticationResult;
}
