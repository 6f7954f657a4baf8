namespace Kipuka.Plugins.TransportHttps;

/// <summary>Whether clients are asked for a certificate in the TLS handshake (<c>tls.client_auth.mode</c>).</summary>
public enum ClientAuthMode
{
    /// <summary>Asked, and every EST request on a connection without one is refused.</summary>
    Required,

    /// <summary>Asked; a connection without one is served.</summary>
    Optional,

    /// <summary>Asked; the host demands one where a certificate is renewed.</summary>
    RequiredForReenroll,

    /// <summary>Not asked.</summary>
    None,
}
