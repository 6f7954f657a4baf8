using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Kipuka.Conformance;

/// <summary><c>[telemetry] otlp</c>: metrics and traces at a collector, by OTLP over HTTP.</summary>
public sealed class Telemetry : IAsyncLifetime
{
    private readonly HttpListener _collector = new();
    private readonly Channel<(string Path, string Body)> _received = Channel.CreateUnbounded<(string, string)>();
    private readonly int _port = FreePorts.Next();
    private Task _collecting = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _collector.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _collector.Start();
        _collecting = CollectAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _collector.Close();
        await _collecting;
    }

    [Fact]
    public async Task A_collector_receives_the_metrics_and_a_span_for_the_request_and_each_step()
    {
        await using var server = await KipukaServer.StartAsync(new ServerSetup
        {
            More = $"[telemetry]\notlp = \"http://127.0.0.1:{_port}\"\n",
            Environment = new Dictionary<string, string?> { ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200" },
        });
        var password = await server.CreatePasswordAsync();
        using var csr = new Csr("CN=traced-device");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, password)).Status);
        HashSet<string> wanted =
        [
            "/v1/metrics kipuka_enrollments_total", "/v1/metrics kipuka_otp_consumed_total", "/v1/metrics kipuka_ca_health",
            .. "simpleenroll read turn ledger policy open sign close".Split(' ').Select(span => "/v1/traces " + span),
        ];
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (wanted.Count > 0)
        {
            var (path, body) = await _received.Reader.ReadAsync(limit.Token);
            wanted.RemoveWhere(one => one.Split(' ') is var parts && parts[0] == path && body.Contains(parts[1], StringComparison.Ordinal));
            // What a client sent, or who it is, is none of the collector's business.
            Assert.DoesNotContain("traced-device", body, StringComparison.Ordinal);
            Assert.DoesNotContain(password, body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_collector_that_is_not_there_costs_no_request()
    {
        await using var server = await KipukaServer.StartAsync(new ServerSetup
        {
            More = $"[telemetry]\notlp = \"http://127.0.0.1:{FreePorts.Next()}\"\n",
            Environment = new Dictionary<string, string?> { ["OTEL_METRIC_EXPORT_INTERVAL"] = "200" },
        });
        using var csr = new Csr("CN=alone");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, await server.CreatePasswordAsync())).Status);
        Assert.Equal(0, await server.StopAsync());
    }

    private async Task CollectAsync()
    {
        try
        {
            while (true)
            {
                var context = await _collector.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                context.Response.StatusCode = 200;
                context.Response.Close();
                _received.Writer.TryWrite((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
