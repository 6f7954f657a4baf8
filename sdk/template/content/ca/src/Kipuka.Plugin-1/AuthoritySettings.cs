using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugin_1;

/// <summary>The keys of a <c>[[ca]]</c> table that belong to this plugin; <c>cert</c>, <c>chain</c>, <c>root</c> and others come with the base.</summary>
public sealed record AuthoritySettings : SigningAuthoritySettings
{
    /// <summary>The private key: PKCS#8 in PEM, RSA or ECDSA.</summary>
    public required SecretFile Key { get; init; }
}
