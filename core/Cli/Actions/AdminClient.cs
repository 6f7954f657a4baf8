using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kipuka.Cli.Client;

namespace Kipuka.Cli.Actions;

/// <summary>A client of the running server's admin API.</summary>
internal sealed class AdminClient(Uri server, SecureHttp http, string? token, ClientIdentity? identity) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(30);

    /// <param name="path">Below <c>/admin/</c>, with the query.</param>
    /// <param name="body">Null for none.</param>
    /// <returns>The answer's JSON; null when it has none.</returns>
    /// <exception cref="CliException">The server said no, in its own words.</exception>
    public async Task<JsonElement?> CallAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        var (_, json) = await AskAsync(method, path, body, Limit, _ => false, cancel);
        return json;
    }

    /// <summary>The same for what the server may work on for minutes.</summary>
    /// <exception cref="CliException">The server said no, in its own words.</exception>
    public async Task<JsonElement?> CallLongAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        var (_, json) = await AskAsync(method, path, body, LongLimit, _ => false, cancel);
        return json;
    }

    /// <summary>Copies an answer of any length, as it comes.</summary>
    /// <param name="path">Below <c>/admin/</c>, with the query.</param>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Told of every line.</param>
    /// <exception cref="CliException">The server said no, in its own words.</exception>
    public async Task CopyAsync(string path, Stream target, Progress progress, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, path, null);
        using var answer = await http.OpenAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(cancel);
            throw Refused(request, answer, Parse(text), text);
        }
        await using var source = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[64 * 1024];
        for (int read; (read = await source.ReadAsync(buffer, cancel)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            progress.Add(buffer.AsSpan(0, read).Count((byte)'\n'));
        }
        progress.End();
    }

    /// <summary>As above, but 409 is an answer like any other: the server's state does not allow it, and the body says why.</summary>
    public Task<(int Status, JsonElement? Json)> TryAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
        => AskAsync(method, path, body, Limit, status => status == 409, cancel);

    private async Task<(int Status, JsonElement? Json)> AskAsync(
        HttpMethod method, string path, byte[]? body, TimeSpan limit, Func<int, bool> takes, CancellationToken cancel)
    {
        using var request = Request(method, path, body);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        using var answer = await http.SendAsync(request, deadline.Token);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var json = Parse(text);
        if (answer.IsSuccessStatusCode || takes((int)answer.StatusCode))
        {
            return ((int)answer.StatusCode, json ?? (text.Length == 0 ? null : throw new CliException($"{request.RequestUri}: the answer is not JSON: is this Kipuka's admin API?")));
        }
        throw Refused(request, answer, json, text);
    }

    private CliException Refused(HttpRequestMessage request, HttpResponseMessage answer, JsonElement? json, string text)
        => new($"{request.RequestUri}: {(int)answer.StatusCode} {answer.ReasonPhrase}: {Message(json, text)}{Hint((int)answer.StatusCode)}");

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, new Uri(server, $"admin/{path}"));
        request.Headers.Accept.Add(new("application/json"));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return request;
    }

    public void Dispose()
    {
        http.Dispose();
        identity?.Dispose();
    }

    private string Hint(int status) => status == 401 && token is null && identity is null
        ? $"; give --token-file, the variable {AdminOptions.TokenVariable}, or --cert and --key"
        : "";

    private static string Message(JsonElement? json, string text) =>
        SafeText.OneLine(json is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message)
            && message.ValueKind == JsonValueKind.String ? message.GetString()! : text);

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
