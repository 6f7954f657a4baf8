namespace Kipuka.Sdk.Auth;

/// <summary>The answers of an authenticator. A closed set: nothing else can be made.</summary>
public abstract record AuthenticationResult
{
    private AuthenticationResult()
    {
    }

    /// <summary>Nothing was presented that this method reads.</summary>
    /// <param name="Challenge">The <c>WWW-Authenticate</c> value that offers this method; null when it has none.</param>
    public sealed record NotMine(string? Challenge = null) : AuthenticationResult;

    /// <summary>
    /// What was presented is good and does not prove an identity yet: the peer has to answer this challenge (SPNEGO, RFC 4559 section 5). No other
    /// method is asked, nothing is audited, and the answer is 401 with this challenge alone.
    /// </summary>
    /// <remarks>
    /// The next leg comes on the same connection, which stays open: keep what you have to remember under <see cref="Transport.Peer.Connection"/>,
    /// in bounded number and for a bounded time, because no call says that a client has gone.
    /// </remarks>
    /// <param name="Challenge">The <c>WWW-Authenticate</c> value: the scheme and the token.</param>
    public sealed record Continue(string Challenge) : AuthenticationResult;

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
    public sealed record Accepted(Identity Identity, IOneTimeCredential? Credential = null) : AuthenticationResult
    {
        /// <summary>
        /// The <c>WWW-Authenticate</c> value of the final response, by which the server proves itself to the client (RFC 4559 section 5); null
        /// when the method has none. It is sent whether the request then succeeds or not.
        /// </summary>
        public string? Answer { get; init; }
    }
}
