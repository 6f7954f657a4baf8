using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>The client's side of RFC 7030, and of renewal information, over one verified connection.</summary>
/// <param name="address">The server.</param>
/// <param name="http">The connection.</param>
/// <param name="basic">Shown with every request; null for none.</param>
/// <param name="deadline">For all of it, but for the waiting that <paramref name="patience"/> is for.</param>
/// <param name="patience">How long to wait, in all, for a server that has not decided.</param>
/// <param name="tell">Takes what a person may want to know while it lasts.</param>
internal sealed class EstClient(
    EstAddress address, SecureHttp http, BasicCredential? basic, Deadline deadline, TimeSpan patience, Action<string> tell)
{
    private const int MostWaits = 20;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    /// <summary>The CA certificates (section 4.1).</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> CaCertificatesAsync()
    {
        using var answer = await AskAsync(HttpMethod.Get, "cacerts", null);
        return await CertificatesAsync(answer);
    }

    /// <summary>What the server would like to see in a request (section 4.5); none when it has nothing to say.</summary>
    public async Task<IReadOnlyList<CsrAttribute>> CsrAttributesAsync()
    {
        using var answer = await AskAsync(HttpMethod.Get, "csrattrs", null);
        if (answer.StatusCode == HttpStatusCode.NoContent)
        {
            return [];
        }
        var body = await BodyAsync(answer, "application/csrattrs");
        return Read(answer, () => CsrAttributes.Decode(body));
    }

    /// <summary>Asks for a certificate (sections 4.2.1 and 4.2.2); comes back when the server says so, with the same request.</summary>
    /// <returns>What the server sent, in its order.</returns>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> EnrollAsync(string operation, ReadOnlyMemory<byte> request)
    {
        using var answer = await AskAsync(HttpMethod.Post, operation, request);
        return await CertificatesAsync(answer);
    }

    /// <summary>Sends a Full PKI Request (section 4.3); a refusal that says why in CMC is an answer.</summary>
    public async Task<CmcResult> FullCmcAsync(ReadOnlyMemory<byte> request)
    {
        using var answer = await AskAsync(HttpMethod.Post, "fullcmc", request, "application/pkcs7-mime; smime-type=CMC-request");
        var isSimple = answer.Content.Headers.ContentType?.Parameters.Any(parameter => parameter is { Name: "smime-type", Value: "certs-only" }) ?? false;
        var body = await BytesAsync(answer);
        return Read(answer, () => CmcResult.Parse(answer.StatusCode, body, isSimple));
    }

    /// <summary>Asks for a key and its certificate (section 4.4); comes back when the server says so, with the same request.</summary>
    public async Task<ServerKeyAnswer> ServerKeyAsync(ReadOnlyMemory<byte> request)
    {
        using var answer = await AskAsync(HttpMethod.Post, "serverkeygen", request);
        return await ServerKeyAnswer.ReadAsync(answer);
    }

    /// <summary>When the server wants a certificate to be renewed (draft-ietf-lamps-est-renewal-info).</summary>
    /// <param name="certificate">As its name in the path.</param>
    public async Task<RenewalAdvice> RenewalInfoAsync(string certificate)
    {
        using var answer = await AskAsync(HttpMethod.Get, $"renewal-info/{certificate}", null);
        CheckType(answer, "application/json");
        var body = await answer.Content.ReadAsByteArrayAsync();
        return RenewalAdvice.Read(body, Wait(answer.Headers.RetryAfter)) ?? throw Refusals.Unreadable(answer, "it names no window that ends after it begins");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string operation, ReadOnlyMemory<byte>? body, string type = "application/pkcs10")
    {
        var waited = TimeSpan.Zero;
        for (var waits = 0; ;)
        {
            using var message = new HttpRequestMessage(method, address.Operation(operation));
            message.Headers.Authorization = basic?.Header;
            if (body is { } der)
            {
                message.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(Convert.ToBase64String(der.Span)));
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
                message.Content.Headers.Add("Content-Transfer-Encoding", "base64");
            }
            var answer = await deadline.RunAsync(cancel => http.SendAsync(message, cancel), message.RequestUri!.ToString());
            if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable))
            {
                return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent || IsCmc(answer)
                    ? answer
                    : throw await Refusals.DescribeAsync(answer, basic is not null);
            }
            using (answer)
            {
                var wait = Wait(answer.Headers.RetryAfter);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    if (waited + wait > patience)
                    {
                        throw new PendingException(
                            $"{message.RequestUri}: pending: the server has not decided yet (202), retry after {Seconds(wait)} s; "
                            + "run the same command again then, or give it time with --wait");
                    }
                    tell($"The server has not decided yet (202); asking again in {Seconds(wait)} s.");
                    await deadline.PauseAsync(wait);
                    waited += wait;
                    continue;
                }
                if (waits++ == MostWaits || wait > deadline.Remaining)
                {
                    throw new CliException(
                        $"{message.RequestUri}: the server is not able to answer now (503): {await Refusals.TextAsync(answer)} "
                        + $"and asks to come back in {Seconds(wait)} s; run the same command again then, or give it more time with --timeout");
                }
                tell($"The server is not able to answer now (503); asking again in {Seconds(wait)} s.");
                await deadline.WaitAsync(wait);
            }
        }
    }

    private TimeSpan Wait(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - deadline.Now : DefaultWait);
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait;
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> CertificatesAsync(HttpResponseMessage answer)
    {
        var body = await BodyAsync(answer, "application/pkcs7-mime");
        var certificates = Read(answer, () => CertsOnly.Decode(body));
        return certificates.Count > 0 ? certificates : throw Refusals.Unreadable(answer, "it holds no certificate");
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, string type)
    {
        CheckType(answer, type);
        return await BytesAsync(answer);
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage answer)
        => Base64Body.Decode(await answer.Content.ReadAsByteArrayAsync()) ?? throw Refusals.Unreadable(answer, "its body is not base64");

    private static void CheckType(HttpResponseMessage answer, string type)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw Refusals.Unreadable(answer, "a body was expected");
        }
        if (answer.Content.Headers.ContentType?.MediaType is { } media && !media.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Unreadable(answer, $"its type is {SafeText.OneLine(media)}, not {type}");
        }
    }

    // RFC 7030 section 4.3.2: a full CMC answer may come with a status of failure.
    private static bool IsCmc(HttpResponseMessage answer)
        => answer.Content.Headers.ContentType?.MediaType?.Equals("application/pkcs7-mime", StringComparison.OrdinalIgnoreCase) ?? false;

    private static T Read<T>(HttpResponseMessage answer, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MalformedException fault)
        {
            throw Refusals.Unreadable(answer, fault.Message);
        }
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
