namespace Kipuka.Sdk.Transport;

/// <summary>How a request ended. Each transport maps it to its own codes; the HTTP status stands beside each.</summary>
public enum EstStatus
{
    /// <summary>200.</summary>
    Ok,

    /// <summary>204: there is nothing to say (RFC 7030 section 4.5.2).</summary>
    Empty,

    /// <summary>400: the request is wrong, or policy does not allow it.</summary>
    Malformed,

    /// <summary>401: no acceptable proof of identity.</summary>
    Unauthenticated,

    /// <summary>403: this identity may not have it.</summary>
    Forbidden,

    /// <summary>404: no such label, or the operation is switched off.</summary>
    NotFound,

    /// <summary>503: nothing was issued; the same request may be sent again after <see cref="EstResponse.RetryAfter"/>.</summary>
    Busy,

    /// <summary>500: a fault of the server, logged under the reference in <see cref="EstResponse.Detail"/>.</summary>
    Failed,
}

/// <summary>What the bytes of a response are, which decides the content type.</summary>
public enum EstContent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>application/pkcs7-mime; smime-type=certs-only</c>.</summary>
    CertsOnly,

    /// <summary><c>application/csrattrs</c>.</summary>
    CsrAttributes,
}

/// <summary>The answer to one request.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Content">What <paramref name="Bytes"/> is.</param>
/// <param name="Bytes">DER; empty for refusals.</param>
public sealed record EstResponse(EstStatus Status, EstContent Content, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A machine-readable reason of a refusal, such as <c>key-type</c>; null otherwise.</summary>
    public string? Code { get; init; }

    /// <summary>One line for the client: what is wrong and which constraint says so; null otherwise.</summary>
    public string? Detail { get; init; }

    /// <summary>When to come back; rounded up to whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A <c>WWW-Authenticate</c> value for every method on offer (RFC 9110 section 11.6.1).</summary>
    public IReadOnlyList<string> Challenges { get; init; } = [];

    /// <summary>
    /// Called by the transport once the whole answer was handed to the connection without an error. Not called when the connection broke: then
    /// the client may ask again and gets the same certificate. Does not throw.
    /// </summary>
    public Action? WhenWritten { get; init; }
}
