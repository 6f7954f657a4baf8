using Kipuka.Policy;
using Kipuka.Sdk.Auth;

namespace Kipuka.Auth;

/// <summary>What a chain of authenticators came to.</summary>
internal abstract record AuthOutcome
{
    private AuthOutcome()
    {
    }

    /// <summary>Somebody is known.</summary>
    /// <param name="Requester">Who.</param>
    /// <param name="Credential">Present when the proof can be used a limited number of times.</param>
    internal sealed record Admitted(Requester Requester, HeldCredential? Credential) : AuthOutcome
    {
        /// <summary>How the method proves the server to the client: a challenge of the final response, or none.</summary>
        public IReadOnlyList<string> Answers { get; init; } = [];
    }

    /// <summary>Nobody is.</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Challenges">The methods on offer, or the next leg of one.</param>
    internal sealed record Denied(Refusal Refusal, IReadOnlyList<string> Challenges) : AuthOutcome;
}

/// <summary>A one-time credential, and the instance in whose store it is spent.</summary>
internal sealed record HeldCredential(string Instance, IOneTimeCredential Credential);
