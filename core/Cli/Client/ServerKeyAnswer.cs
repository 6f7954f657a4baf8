using Kipuka.Pki;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kipuka.Cli.Client;

/// <summary>The two parts of an answer of <c>/serverkeygen</c> (RFC 7030 section 4.4.2), in whichever order they came.</summary>
/// <param name="Key">The private key, as it was sent.</param>
/// <param name="IsEncrypted">Whether that is a CMS envelope rather than PKCS#8.</param>
/// <param name="Certificates">What the server sent, in its order.</param>
internal sealed record ServerKeyAnswer(byte[] Key, bool IsEncrypted, IReadOnlyList<ReadOnlyMemory<byte>> Certificates)
{
    private const int MostParts = 8;

    /// <exception cref="CliException">It is something else.</exception>
    public static async Task<ServerKeyAnswer> ReadAsync(HttpResponseMessage answer)
    {
        var type = answer.Content.Headers.ContentType;
        var boundary = HeaderUtilities.RemoveQuotes(type?.Parameters.FirstOrDefault(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value);
        if (type?.MediaType?.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase) != true || !boundary.HasValue)
        {
            throw Refusals.Unreadable(answer, $"its type is {SafeText.OneLine(type?.ToString() ?? "missing")}, not multipart/mixed with a boundary");
        }
        byte[]? plain = null, envelope = null, certificates = null;
        try
        {
            var reader = new MultipartReader(boundary.Value!, await answer.Content.ReadAsStreamAsync());
            for (var count = 0; await reader.ReadNextSectionAsync() is { } part; count++)
            {
                var body = count < MostParts ? await BodyAsync(part) : throw Refusals.Unreadable(answer, $"it has more than {MostParts} parts");
                switch (KindOf(part))
                {
                    case "application/pkcs8":
                        plain = body;
                        break;
                    case "server-generated-key":
                        envelope = body;
                        break;
                    case "certs-only":
                        certificates = body;
                        break;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            throw Refusals.Unreadable(answer, "its parts cannot be told apart");
        }
        if ((plain ?? envelope) is not { } key || certificates is null)
        {
            throw Refusals.Unreadable(answer, "it lacks a private key or a certificate in base64");
        }
        try
        {
            return new ServerKeyAnswer(key, plain is null, CertsOnly.Decode(certificates));
        }
        catch (MalformedException fault)
        {
            throw Refusals.Unreadable(answer, fault.Message);
        }
    }

    // PKCS#7 is told apart by its smime-type; without one it is the certificates.
    private static string? KindOf(MultipartSection part)
    {
        if (!MediaTypeHeaderValue.TryParse(part.ContentType, out var type) || !type.MediaType.Equals("application/pkcs7-mime", StringComparison.OrdinalIgnoreCase))
        {
            return type?.MediaType.Value?.ToLowerInvariant();
        }
        var kind = type.Parameters.FirstOrDefault(p => p.Name.Equals("smime-type", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
        return kind?.ToLowerInvariant() ?? "certs-only";
    }

    private static async Task<byte[]?> BodyAsync(MultipartSection part)
    {
        using var memory = new MemoryStream();
        await part.Body.CopyToAsync(memory);
        return Base64Body.Decode(memory.ToArray());
    }
}
