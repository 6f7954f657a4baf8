using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk;

/// <summary>Who is on the other side, as an authenticator proved it.</summary>
/// <param name="Method">The authenticator's word: <c>mtls</c>, <c>otp</c>; also part of audit names (<c>auth.otp.success</c>).</param>
/// <param name="Key">
/// Stable and unique within the method, and no secret: a certificate's SHA-256, a principal, a token's public selector. Repeats of a
/// request are recognised by it.
/// </param>
/// <param name="Name">For people, logs and audit: a subject, a principal, an entity.</param>
public sealed record Identity(string Method, string Key, string Name)
{
    /// <summary>The client certificate (DER) that proved this identity; empty for other methods.</summary>
    public ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>
    /// The subject that this identity has: it replaces whatever subject a request asks for, and the audit record says so. Null leaves the
    /// subject to the request and the label's policy, which judges a subject from here just the same. Text is issued as UTF8String.
    /// </summary>
    public X500DistinguishedName? Subject { get; init; }

    /// <summary>Further facts for the audit record, such as <c>token_id</c>. No secrets.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The method and the name.</summary>
    public override string ToString() => $"{Method}:{Name}";
}
