namespace Kipuka.Config;

/// <summary>An entry of <c>certificate_policies</c>; written as a string it is the OID alone.</summary>
internal sealed record CertificatePolicyConfig
{
    /// <summary>Dotted.</summary>
    public required string Oid { get; init; }

    /// <summary>The URI of the certification practice statement.</summary>
    public string? Cps { get; init; }
}
