using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>GET /admin/audit and /admin/audit/stream (the book's admin chapter, ruling 55).</summary>
public sealed class AuditApi(EstServer server) : IClassFixture<EstServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private KipukaServer Kipuka => server.Kipuka;

    [Fact]
    public async Task A_record_has_the_members_of_both_shapes()
    {
        using var device = await Kipuka.EnrollDeviceAsync("CN=both shapes,O=Acme");
        var list = await GetAsync($"audit?action=enroll&subject={Uri.EscapeDataString("CN=both shapes")}&page=1&per_page=100");
        Assert.Equal(1, list.GetProperty("page").GetInt32());
        Assert.Equal(100, list.GetProperty("per_page").GetInt32());
        var record = list.GetProperty("events").EnumerateArray().Single(one => Text(one, "event_type") == "cert.issued");
        Assert.Equal("enroll", Text(record, "action"));
        Assert.Equal("CertIssue", Text(record, "niap"));
        Assert.Equal("success", Text(record, "outcome"));
        Assert.Equal("success", Text(record, "result"));
        Assert.Equal("O=Acme,CN=both shapes", Text(record, "subject"));
        Assert.Equal("default", Text(record, "ca_id"));
        Assert.Equal("otp", Text(record, "auth_method"));
        Assert.Equal("127.0.0.1", Text(record, "client_ip"));
        Assert.Equal("127.0.0.1", Text(record, "source_ip"));
        Assert.Equal(device.SerialNumber, Text(record, "serial"), ignoreCase: true);
        Assert.Equal(device.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), Text(record, "fingerprint"), ignoreCase: true);
        Assert.Equal(64, Text(record, "hash")!.Length);
        Assert.False(record.GetProperty("details").TryGetProperty("certificate", out _));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", Text(record, "timestamp"));
    }

    [Fact]
    public async Task Pages_are_whole_and_newest_first()
    {
        await Kipuka.CreatePasswordAsync("pages-1");
        await Kipuka.CreatePasswordAsync("pages-2");
        await Kipuka.CreatePasswordAsync("pages-3");
        // What is fixed cannot grow between the pages.
        var end = Uri.EscapeDataString(Text((await GetAsync("audit?event=otp.created&per_page=1")).GetProperty("events")[0], "timestamp")!);
        var whole = await GetAsync($"audit?end={end}&per_page=1000");
        var total = whole.GetProperty("total").GetInt32();
        Assert.True(total > 5);
        List<string> found = [];
        for (var page = 1; page <= (total / 3) + 2; page++)
        {
            var part = await GetAsync($"audit?end={end}&per_page=3&page={page}");
            Assert.Equal(total, part.GetProperty("total").GetInt32());
            found.AddRange(part.GetProperty("events").EnumerateArray().Select(Place));
        }
        Assert.Equal(whole.GetProperty("events").EnumerateArray().Select(Place), found);
        Assert.Equal(total, found.Distinct().Count());
        var sequences = whole.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("sequence").GetInt64()).ToList();
        Assert.Equal(sequences.OrderDescending(), sequences);
    }

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMF.1", Level.Must, "Operators query the audit records with filters.")]
    public async Task Each_filter_narrows()
    {
        await using var own = await KipukaServer.StartAsync();
        using var csr = new Csr("CN=filtered");
        var serial = (await own.EnrollAsync(csr, await own.CreatePasswordAsync("filtered"))).Certificate.SerialNumber;
        (string Query, string[] Names)[] cases =
        [
            ("action=otp_generate", ["otp.created"]),
            ("action=otp_use", ["otp.used"]),
            ("action=OtpCreate", ["otp.created"]),
            ("event=otp.created", ["otp.created"]),
            ("event=otp.c*", ["otp.created"]),
            ("event=otp.created,otp.used&outcome=success", ["otp.created", "otp.used"]),
            ("action=enroll&ca=default&outcome=success&serial=@serial", ["cert.issued", "enroll.success"]),
            ("action=enroll&source=127.0.0.1&actor=filtered&subject=cn%3Dfiltered", ["cert.issued"]),
            ("action=revoke", []),
            ("action=enroll&ca=other", []),
            ("action=enroll&label=other", []),
            ("action=enroll&outcome=failure", []),
            ("action=enroll&end=2001-01-01", []),
            ("action=enroll&node=other", []),
        ];
        foreach (var (query, names) in cases)
        {
            var (status, body, text) = await own.AdminAsync(HttpMethod.Get, "audit?" + query.Replace("@serial", serial, StringComparison.Ordinal));
            Assert.True(status == HttpStatusCode.OK, text);
            Assert.Equal((query, string.Join(' ', names.Order())), (query, string.Join(
                ' ', body!.Value.GetProperty("events").EnumerateArray().Select(one => Text(one, "event_type")!).Order())));
            Assert.Equal(names.Length, body.Value.GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("color=red")]
    [InlineData("action=nothing")]
    [InlineData("action=serverkeygen,enroll")]
    [InlineData("outcome=maybe")]
    [InlineData("start=yesterday")]
    [InlineData("source=here")]
    [InlineData("serial=xyz")]
    [InlineData("page=0")]
    [InlineData("per_page=1001")]
    [InlineData("ca=a&ca=b")]
    public async Task A_filter_that_is_not_understood_is_400(string query)
    {
        var (status, body, _) = await Kipuka.AdminAsync(HttpMethod.Get, "audit?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("bad_request", Text(body!.Value, "error"));
    }

    [Fact]
    public async Task The_stream_sends_what_happens_and_goes_on_after_the_last_event_that_was_seen()
    {
        (string Id, JsonElement Record) first;
        await using (var stream = await Follow.OpenAsync(Kipuka, "event=otp.created"))
        {
            await Kipuka.CreatePasswordAsync("stream-1");
            first = await stream.NextAsync(Patience);
            Assert.Equal("stream-1", Text(first.Record.GetProperty("details"), "entity_id"));
            Assert.Equal(Place(first.Record), first.Id);
        }
        await Kipuka.CreatePasswordAsync("stream-2");
        await Kipuka.CreatePasswordAsync("stream-3");
        await using var again = await Follow.OpenAsync(Kipuka, "event=otp.created", first.Id);
        Assert.Equal("stream-2", Text((await again.NextAsync(Patience)).Record.GetProperty("details"), "entity_id"));
        Assert.Equal("stream-3", Text((await again.NextAsync(Patience)).Record.GetProperty("details"), "entity_id"));
        await using var byQuery = await Follow.OpenAsync(Kipuka, "event=otp.created&last_event_id=" + Uri.EscapeDataString(first.Id));
        Assert.Equal("stream-2", Text((await byQuery.NextAsync(Patience)).Record.GetProperty("details"), "entity_id"));
    }

    [Fact]
    public async Task The_stream_takes_the_same_filters_and_the_same_credentials()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Kipuka.AdminAsync(HttpMethod.Get, "audit/stream?color=red")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Kipuka.AdminAsync(HttpMethod.Get, "audit/stream?last_event_id=1")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.AdminAsync(HttpMethod.Get, "audit/stream", token: "wrong")).Status);
    }

    [Fact]
    public async Task Streams_are_bounded_and_end_with_the_generation_and_with_the_server()
    {
        await using var own = await KipukaServer.StartAsync();
        List<Follow> open = [];
        for (var i = 0; i < 16; i++)
        {
            open.Add(await Follow.OpenAsync(own, ""));
        }
        var (status, body, _) = await own.AdminAsync(HttpMethod.Get, "audit/stream");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("too_many_streams", Text(body!.Value, "error"));
        File.AppendAllText(own.ConfigFile, "\n[[est.label]]\nname = \"more\"\nca_id = \"default\"\n");
        Assert.Equal(HttpStatusCode.OK, (await own.AdminAsync(HttpMethod.Post, "reload")).Status);
        foreach (var stream in open)
        {
            await stream.EndAsync(Patience);
            await stream.DisposeAsync();
        }
        await using var last = await Follow.OpenAsync(own, "");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await own.StopAsync());
        await last.EndAsync(Patience);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"The stop took {watch.Elapsed}");
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var (status, body, text) = await Kipuka.AdminAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, text);
        return body!.Value;
    }

    private static string Place(JsonElement record) => $"{Text(record, "node")}:{record.GetProperty("sequence").GetInt64()}";

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    /// <summary>A reader of the stream, as a browser's EventSource.</summary>
    private sealed class Follow(HttpClient client, HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public static async Task<Follow> OpenAsync(KipukaServer server, string query, string? last = null)
        {
            var client = server.Client();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.AdminPort}/admin/audit/stream?{query}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminToken);
            if (last is not null)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
            }
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("retry: 3000", await reader.ReadLineAsync().WaitAsync(Patience));
            return new Follow(client, response, reader);
        }

        public async Task<(string Id, JsonElement Record)> NextAsync(TimeSpan patience)
        {
            var id = "";
            while (await reader.ReadLineAsync().WaitAsync(patience) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    id = line[4..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (id, JsonDocument.Parse(line[6..]).RootElement);
                }
            }
            throw new EndOfStreamException();
        }

        /// <summary>Reads to the end, which must be one in order.</summary>
        public Task<string> EndAsync(TimeSpan patience) => reader.ReadToEndAsync().WaitAsync(patience);

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
