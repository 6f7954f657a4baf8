namespace Kipuka.Plugins.AuthMtls;

/// <summary>When a client certificate is asked for.</summary>
public enum ClientAuthMode
{
    /// <summary>Every authenticated operation needs an acceptable client certificate; no other method stands in for it.</summary>
    Required,

    /// <summary>A client certificate is judged when there is one; without one, another method may prove the client.</summary>
    Optional,

    /// <summary>As <see cref="Required"/> for <c>/simplereenroll</c>, as <see cref="Optional"/> for everything else.</summary>
    RequiredForReenroll,

    /// <summary>Client certificates prove nothing.</summary>
    None,
}
