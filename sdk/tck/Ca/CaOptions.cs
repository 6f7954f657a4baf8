using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>What the suite of the kind <c>ca</c> can be told.</summary>
public sealed record CaOptions : TckOptions
{
    /// <summary>
    /// Keys that this CA may refuse to certify: <c>rsa-2048</c>, <c>rsa-3072</c>, <c>rsa-4096</c>, <c>p256</c>, <c>p384</c>, <c>p521</c>,
    /// <c>ml-dsa-44</c>, <c>ml-dsa-65</c>, <c>ml-dsa-87</c>. It must answer with a refusal then.
    /// </summary>
    public IReadOnlyList<string> MayRefuseKeys { get; init; } = ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"];

    /// <summary>Changes a draft into one that this CA refuses. Without it, the check of refusals does not apply.</summary>
    public Func<CertificateDraft, CertificateDraft>? MakeRefused { get; init; }

    /// <summary>Whether a certificate may exist after a call during <see cref="TckOptions.Outage"/>.</summary>
    public bool OutageMayHaveIssued { get; init; }

    /// <summary>Counts the certificates that the CA has made. Without it, nobody can tell whether a probe makes one.</summary>
    public Func<CancellationToken, ValueTask<long>>? CountIssued { get; init; }

    /// <summary>How long to ask again for a certificate that a CA with <see cref="IPendingIssuance"/> has not decided on.</summary>
    public TimeSpan PendingLimit { get; init; } = TimeSpan.FromSeconds(20);
}
