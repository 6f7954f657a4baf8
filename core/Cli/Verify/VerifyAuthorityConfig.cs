namespace Kipuka.Cli.Verify;

/// <summary><c>[verify.ca]</c>.</summary>
internal sealed record VerifyAuthorityConfig
{
    /// <summary>Keys that the CA may refuse, such as <c>p521</c>; absent: ML-DSA.</summary>
    public IReadOnlyList<string>? MayRefuseKeys { get; init; }

    /// <summary>Whether a certificate may exist after a call during the outage.</summary>
    public bool OutageMayHaveIssued { get; init; }
}
