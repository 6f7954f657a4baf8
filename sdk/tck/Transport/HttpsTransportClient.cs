using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>EST over HTTPS (RFC 7030), as a client speaks it. It trusts whatever certificate the server shows.</summary>
public sealed class HttpsTransportClient : TransportClient
{
    /// <summary>The path that operations and labels stand below.</summary>
    public string BasePath { get; init; } = "/.well-known/est";

    /// <inheritdoc/>
    public override bool CanCut => true;

    /// <inheritdoc/>
    public override async Task<TransportAnswer> SendAsync(IPEndPoint server, TransportRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(request);
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = TrustingAnybody() };
        using var client = new HttpClient(handler);
        using var message = new HttpRequestMessage(IsRead(request.Operation) ? HttpMethod.Get : HttpMethod.Post, $"https://{server}{PathOf(request)}");
        if (!IsRead(request.Operation))
        {
            message.Content = new StringContent(Convert.ToBase64String(request.Body.Span));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentTypeOf(request.Operation));
        }
        using var response = await client.SendAsync(message, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        var status = StatusOf(response.StatusCode);
        return new TransportAnswer(status, response.Content.Headers.ContentType is { } type ? PartsOf(type, body) : []);
    }

    /// <inheritdoc/>
    public override async Task SendAndCutAsync(IPEndPoint server, TransportRequest request, Task cut, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(cut);
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        using (socket)
        {
            await socket.ConnectAsync(server, cancel);
            var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsClientAsync(TrustingAnybody(), cancel);
            var body = IsRead(request.Operation) ? "" : Convert.ToBase64String(request.Body.Span);
            var head = $"{(IsRead(request.Operation) ? "GET" : "POST")} {PathOf(request)} HTTP/1.1\r\nHost: localhost\r\n"
                + (body.Length == 0 ? "\r\n" : $"Content-Type: {ContentTypeOf(request.Operation)}\r\nContent-Length: {body.Length}\r\n\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body), cancel);
            await cut.WaitAsync(cancel);
        }
    }

    private string PathOf(TransportRequest request)
        => $"{BasePath}{(request.Label is null ? "" : $"/{Uri.EscapeDataString(request.Label)}")}/{request.Operation.ToString().ToLowerInvariant()}";

    private static bool IsRead(EstOperation operation) => operation is EstOperation.CaCerts or EstOperation.CsrAttrs or EstOperation.RenewalInfo;

    private static string ContentTypeOf(EstOperation operation) => operation == EstOperation.FullCmc ? "application/pkcs7-mime; smime-type=CMC-request" : "application/pkcs10";

    private static EstStatus StatusOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.OK => EstStatus.Ok,
        HttpStatusCode.NoContent => EstStatus.Empty,
        HttpStatusCode.Accepted => EstStatus.Pending,
        HttpStatusCode.BadRequest => EstStatus.Malformed,
        HttpStatusCode.Unauthorized => EstStatus.Unauthenticated,
        HttpStatusCode.Forbidden => EstStatus.Forbidden,
        HttpStatusCode.NotFound => EstStatus.NotFound,
        HttpStatusCode.ServiceUnavailable => EstStatus.Busy,
        HttpStatusCode.InternalServerError => EstStatus.Failed,
        _ => throw new InvalidDataException($"The status {(int)code} stands for no answer of the EST service."),
    };

    private static List<TransportPart> PartsOf(MediaTypeHeaderValue type, byte[] body)
    {
        if (type.MediaType != "multipart/mixed")
        {
            return ContentOf(type) is { } content ? [new TransportPart(content, Unwrap(content, body))] : [];
        }
        // RFC 2046 section 5.1.1, as far as EST needs it: texts without the boundary in them.
        var boundary = type.Parameters.First(parameter => parameter.Name == "boundary").Value!.Trim('"');
        var text = Encoding.Latin1.GetString(body);
        return [.. text.Split($"--{boundary}")[1..^1].Select(PartOf)];
    }

    private static TransportPart PartOf(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var line = text[..end].Split("\r\n").First(header => header.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase));
        var type = MediaTypeHeaderValue.Parse(line["Content-Type:".Length..].Trim());
        var content = ContentOf(type) ?? throw new InvalidDataException($"A part has the type {type}.");
        return new TransportPart(content, Unwrap(content, Encoding.Latin1.GetBytes(text[(end + 4)..])));
    }

    private static EstContent? ContentOf(MediaTypeHeaderValue type)
    {
        var kind = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("smime-type", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"').ToUpperInvariant();
        return (type.MediaType, kind) switch
        {
            ("application/pkcs7-mime", "CERTS-ONLY") => EstContent.CertsOnly,
            ("application/pkcs7-mime", "CMC-RESPONSE") => EstContent.CmcResponse,
            ("application/pkcs7-mime", "SERVER-GENERATED-KEY") => EstContent.EnvelopedKey,
            ("application/csrattrs", _) => EstContent.CsrAttributes,
            ("application/pkcs8", _) => EstContent.PrivateKey,
            ("application/json", _) => EstContent.RenewalInfo,
            _ => null,
        };
    }

    private static ReadOnlyMemory<byte> Unwrap(EstContent content, byte[] body)
        => content == EstContent.RenewalInfo ? body : Convert.FromBase64String(Encoding.ASCII.GetString(body));

    // The suite looks at the protocol; whom to trust is not its question.
    private static SslClientAuthenticationOptions TrustingAnybody() => new()
    {
        TargetHost = "localhost",
#pragma warning disable CA5359 // a test client, which sends nobody's secret
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };
}
