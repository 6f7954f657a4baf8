using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>How an operation is asked over HTTP.</summary>
/// <param name="MediaType">Of the body (RFC 7030 section 3.2.4); null for operations that are read.</param>
/// <param name="Armour">The PEM labels that a body may stand between.</param>
/// <param name="MaxBody">The largest body before it is unwrapped, in bytes.</param>
internal sealed record OperationRules(string? MediaType, IReadOnlyList<string> Armour, long MaxBody)
{
    private static readonly OperationRules Read = new(null, [], 0);

    public bool IsRead => MediaType is null;

    public string Allow => IsRead ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";

    /// <summary>The settings' rules for an operation.</summary>
    public static OperationRules Of(EstOperation operation, HttpsSettings settings) => operation switch
    {
        EstOperation.SimpleEnroll or EstOperation.SimpleReEnroll or EstOperation.ServerKeyGen
            => new("application/pkcs10", ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"], settings.MaxBodySize.Bytes),
        EstOperation.FullCmc => new("application/pkcs7-mime", ["CMS", "PKCS7"], settings.MaxFullCmcBody),
        _ => Read,
    };

    /// <summary>What is wrong with a Content-Type, as status and reason; null when it will do.</summary>
    public (int Status, string Reason)? Problem(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return (400, $"there is no Content-Type; send {MediaType}");
        }
        var pieces = contentType.Split(';', StringSplitOptions.TrimEntries);
        if (!pieces[0].Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return (415, $"the Content-Type is not {MediaType}");
        }
        // Ruling 26: a missing smime-type is fine; one that says something else is not (RFC 7030 section 4.3.1).
        var kind = Array.Find(pieces, piece => piece.StartsWith("smime-type=", StringComparison.OrdinalIgnoreCase))?["smime-type=".Length..].Trim('"');
        return MediaType == "application/pkcs7-mime" && kind is not null && !kind.Equals("CMC-request", StringComparison.OrdinalIgnoreCase)
            ? (415, "the smime-type is not CMC-request")
            : null;
    }
}
