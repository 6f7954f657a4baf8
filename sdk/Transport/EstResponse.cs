namespace Kipuka.Sdk.Transport;

/// <summary>How a request ended. Each transport maps it to its own codes; the HTTP status stands beside each.</summary>
public enum EstStatus
{
    /// <summary>200.</summary>
    Ok,

    /// <summary>204: there is nothing to say (RFC 7030 section 4.5.2).</summary>
    Empty,

    /// <summary>202: not decided yet; the same request is to be sent again after <see cref="EstResponse.RetryAfter"/> (section 4.2.3).</summary>
    Pending,

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

/// <summary>What a part of a response is, which decides its content type. Everything but <see cref="RenewalInfo"/> is DER, base64 on HTTP.</summary>
public enum EstContent
{
    /// <summary><c>application/pkcs7-mime; smime-type=certs-only</c>.</summary>
    CertsOnly,

    /// <summary><c>application/csrattrs</c>.</summary>
    CsrAttributes,

    /// <summary><c>application/pkcs7-mime; smime-type=CMC-response</c>: a full PKI response, also with a status other than 200 (section 4.3.2).</summary>
    CmcResponse,

    /// <summary><c>application/pkcs8</c>: a private key, in the clear (section 4.4.2).</summary>
    PrivateKey,

    /// <summary><c>application/pkcs7-mime; smime-type=server-generated-key</c>: a private key, encrypted (section 4.4.2).</summary>
    EnvelopedKey,

    /// <summary><c>application/json</c>, UTF-8, sent as it is.</summary>
    RenewalInfo,
}

/// <summary>The answer to one request. The transport disposes it when it is written or given up.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Parts">None for most refusals, one for most answers; several are sent in this order, on HTTP as <c>multipart/mixed</c>.</param>
public sealed record EstResponse(EstStatus Status, IReadOnlyList<EstPart> Parts) : IDisposable
{
    /// <summary>An answer of one part.</summary>
    public EstResponse(EstStatus status, EstContent content, ReadOnlyMemory<byte> bytes)
        : this(status, [new EstPart(content, bytes)])
    {
    }

    /// <summary>A machine-readable reason of a refusal, such as <c>key-type</c>; null otherwise.</summary>
    public string? Code { get; init; }

    /// <summary>One line for the client: what is wrong and which constraint says so; null otherwise.</summary>
    public string? Detail { get; init; }

    /// <summary>When to come back; rounded up to whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The <c>WWW-Authenticate</c> values, sent with any status: with <see cref="EstStatus.Unauthenticated"/> one for every method on offer, or the next leg of one
    /// (RFC 9110 section 11.6.1); otherwise what the method that proved the client answers (RFC 4559 section 5), mostly nothing.
    /// </summary>
    public IReadOnlyList<string> Challenges { get; init; } = [];

    /// <summary>
    /// Called by the transport once the whole answer was handed to the connection without an error. Not called when the connection broke: then
    /// the client may ask again and gets the same certificate. Does not throw.
    /// </summary>
    public Action? WhenWritten { get; init; }

    /// <summary>Zeroes what is secret in the parts.</summary>
    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Dispose();
        }
    }
}
