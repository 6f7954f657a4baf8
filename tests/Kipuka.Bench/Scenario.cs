namespace Kipuka.Bench;

/// <summary>A kind of load.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Fresh">A connection, with a full TLS 1.3 handshake, for every request.</param>
/// <param name="Credential">How the client proves who it is.</param>
/// <param name="Enrolls">POST /simpleenroll with a key of its own; otherwise GET /cacerts.</param>
/// <param name="Label">Where; null for the unlabelled path.</param>
internal sealed record Scenario(string Name, bool Fresh, Credential Credential, bool Enrolls, string? Label = null)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("baseline: fresh TLS 1.3, GET cacerts", true, Credential.None, false),
        new("fresh TLS 1.3 + Basic, enroll", true, Credential.Password, true),
        new("fresh TLS 1.3 + client certificate, enroll", true, Credential.Certificate, true),
        new("keep-alive + Basic, enroll", false, Credential.Password, true),
        new("keep-alive + client certificate, enroll", false, Credential.Certificate, true),
        new("keep-alive, GET cacerts", false, Credential.None, false),
    ];
}

/// <summary>What a client shows.</summary>
internal enum Credential
{
    None,
    Password,
    Certificate,
}
