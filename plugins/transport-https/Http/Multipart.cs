using System.Text;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>The body of an answer: one part as it is, several as <c>multipart/mixed</c> (RFC 7030 section 4.4.2, RFC 2046 section 5.1).</summary>
internal sealed class Multipart
{
    // No base64 has a hyphen, so nothing inside a part looks like the boundary.
    private const string Boundary = "kipuka-part";

    private readonly List<(byte[] Head, EstPart Part)> parts = [];
    private readonly byte[] tail;
    private readonly int columns;

    private Multipart(IReadOnlyList<EstPart> all, int columns)
    {
        this.columns = columns;
        var several = all.Count > 1;
        ContentType = several ? $"multipart/mixed; boundary={Boundary}" : TypeOf(all[0].Content);
        IsBase64 = !several && InBase64(all[0].Content);
        foreach (var part in all)
        {
            parts.Add((several ? HeadOf(part, parts.Count == 0) : [], part));
        }
        tail = several ? Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n") : [];
        Length = parts.Sum(part => part.Head.Length + LengthOf(part.Part)) + tail.Length;
    }

    /// <summary>Of the whole body.</summary>
    public string ContentType { get; }

    /// <summary>Whether the whole body is base64, and its header says so.</summary>
    public bool IsBase64 { get; }

    public int Length { get; }

    /// <param name="parts">At least one.</param>
    /// <param name="columns">Of base64 lines; 0 for one line.</param>
    public static Multipart Of(IReadOnlyList<EstPart> parts, int columns) => new(parts, columns);

    /// <summary>Writes exactly <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> body)
    {
        foreach (var (head, part) in parts)
        {
            head.CopyTo(body);
            body = body[head.Length..];
            if (InBase64(part.Content))
            {
                Base64Lines.Write(part.Bytes, columns, body);
            }
            else
            {
                part.Bytes.CopyTo(body);
            }
            body = body[LengthOf(part)..];
        }
        tail.CopyTo(body);
    }

    private int LengthOf(EstPart part) => InBase64(part.Content) ? Base64Lines.Length(part.Bytes.Length, columns) : part.Bytes.Length;

    private static byte[] HeadOf(EstPart part, bool first) => Encoding.ASCII.GetBytes(
        $"{(first ? "" : "\r\n")}--{Boundary}\r\nContent-Type: {TypeOf(part.Content)}\r\n"
        + (InBase64(part.Content) ? "Content-Transfer-Encoding: base64\r\n\r\n" : "\r\n"));

    private static bool InBase64(EstContent content) => content != EstContent.RenewalInfo;

    private static string TypeOf(EstContent content) => content switch
    {
        EstContent.CertsOnly => "application/pkcs7-mime; smime-type=certs-only",
        EstContent.CsrAttributes => "application/csrattrs",
        EstContent.CmcResponse => "application/pkcs7-mime; smime-type=CMC-response",
        EstContent.PrivateKey => "application/pkcs8",
        EstContent.EnvelopedKey => "application/pkcs7-mime; smime-type=server-generated-key",
        EstContent.RenewalInfo => "application/json",
        _ => throw new ArgumentOutOfRangeException(nameof(content), content, "This content has no type on HTTP."),
    };
}
