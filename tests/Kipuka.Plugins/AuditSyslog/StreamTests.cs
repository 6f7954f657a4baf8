using System.Net;
using System.Net.Sockets;
using System.Text;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditSyslog;

public sealed class StreamTests : IAsyncLifetime
{
    private readonly FakeHost host = new();
    private IAuditSink? sink;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (sink is not null)
        {
            await sink.DisposeAsync();
        }
        host.Dispose();
    }

    // RFC 6587 section 3.4.1; the server reads by it.
    [Fact]
    public async Task Batches_arrive_in_order_over_one_connection()
    {
        await using var server = new LogServer();
        await StartAsync(server.Port);
        await sink!.WriteAsync(Records.Numbers(1, 500), default);
        await sink.WriteAsync(Records.Numbers(501, 3), default);
        await server.ArriveAsync(503);
        Assert.Equal(Enumerable.Range(1, 503).Select(number => (long)number), server.Sequences);
        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Faults);
    }

    // RFC 6587 section 3.4.2
    [Fact]
    public async Task With_newline_framing_a_line_is_a_message()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await StartAsync(((IPEndPoint)listener.LocalEndpoint).Port, settings => settings with { Framing = Framing.Newline });
        var accepting = listener.AcceptTcpClientAsync();
        await sink!.WriteAsync([Records.Number(1) with { Actor = "two\nlines" }, Records.Number(2)], default);
        using var client = await accepting;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        Assert.Equal("1", SyslogMessage.Parse(Encoding.UTF8.GetBytes((await reader.ReadLineAsync())!)).Data["sequence"]);
        Assert.Equal("2", SyslogMessage.Parse(Encoding.UTF8.GetBytes((await reader.ReadLineAsync())!)).Data["sequence"]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_does_not_keep_the_sink_from_starting_and_is_an_exception_of_the_write()
    {
        var server = new LogServer();
        await server.DisposeAsync();
        await StartAsync(server.Port);
        var fault = await Assert.ThrowsAsync<IOException>(() => sink!.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        Assert.StartsWith($"tcp://127.0.0.1:{server.Port}: Connection refused", fault.Message, StringComparison.Ordinal);
    }

    // A write to a connection that the server has closed succeeds once: what it took would be lost.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_after_a_hangup_goes_over_a_new_connection(bool reset)
    {
        await using var server = new LogServer();
        await StartAsync(server.Port);
        await sink!.WriteAsync(Records.Numbers(1, 2), default);
        await server.ArriveAsync(2);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        server.Hangup(reset);
        await RetryAsync(Records.Numbers(3, 2));
        await server.ArriveAsync(2);
        Assert.Equal([1, 2, 3, 4], server.Sequences);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_server_that_comes_back_gets_what_it_missed_after_the_pause()
    {
        var server = new LogServer();
        await StartAsync(server.Port);
        await sink!.WriteAsync(Records.Numbers(1, 1), default);
        await server.ArriveAsync(1);
        await server.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(2, 1), default).AsTask());

        await using var again = new LogServer(server.Port);
        var early = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(2, 1), default).AsTask());
        Assert.EndsWith("(next attempt in 1 s)", early.Message, StringComparison.Ordinal);
        Assert.Equal(0, again.Connections);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await sink.WriteAsync(Records.Numbers(2, 1), default);
        await again.ArriveAsync(1);
        Assert.Equal([2], again.Sequences);
    }

    // An allow list, or a certificate that TLS 1.3 judges late: records sent at once would be lost.
    [Fact]
    public async Task A_server_that_hangs_up_at_once_has_taken_nothing()
    {
        await using var server = new LogServer(refuses: connection => connection <= 2);
        await StartAsync(server.Port);
        var fault = await Assert.ThrowsAsync<IOException>(() => sink!.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        Assert.Contains("right after it was made", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => sink!.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        Assert.Equal(1, server.Connections); // the second was too early to connect
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => sink!.WriteAsync(Records.Numbers(1, 1), default).AsTask());
        host.Time.Advance(TimeSpan.FromSeconds(2));
        await sink!.WriteAsync(Records.Numbers(1, 1), default);
        await server.ArriveAsync(1);
        Assert.Equal([1], server.Sequences);
    }

    // A machine that has gone acknowledges nothing, and a full server does not read: neither takes records without end.
    [Fact]
    public async Task A_server_that_does_not_read_is_an_exception_after_the_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await StartAsync(((IPEndPoint)listener.LocalEndpoint).Port, settings => settings with { Timeout = TimeSpan.FromMilliseconds(500) });
        var record = Records.Number(1) with { Fields = Enumerable.Range(0, 30).ToDictionary(number => $"f{number}", _ => new string('x', 1000)) };
        var batch = Enumerable.Repeat(record, 500).ToList();
        var fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var turn = 0; turn < 100; turn++) // 4 MB each: no socket's buffers hold them all
            {
                await sink!.WriteAsync(batch, default);
            }
        });
        Assert.Contains("it took nothing for 0.5 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_write_leaves_no_half_message_behind()
    {
        await using var server = new LogServer();
        await StartAsync(server.Port);
        await sink!.WriteAsync(Records.Numbers(1, 1), default);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sink.WriteAsync(Records.Numbers(2, 500), cancelled.Token).AsTask());
        await sink.WriteAsync(Records.Numbers(2, 1), default);
        await server.ArriveAsync(2);
        Assert.Equal([1, 2], server.Sequences);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task The_probe_connects_and_sends_nothing()
    {
        var server = new LogServer();
        await StartAsync(server.Port);
        var probe = Assert.IsAssignableFrom<IHealthProbe>(sink);
        await probe.ProbeAsync(default);
        await probe.ProbeAsync(default);
        Assert.Equal(1, server.Connections);
        await server.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var turn = 0; turn < 1000; turn++) // the FIN is on its way
            {
                await probe.ProbeAsync(default);
                await Task.Yield();
            }
        });
        Assert.Empty(server.Messages);
    }

    private async Task StartAsync(int port, Func<AuditSyslogSettings, AuditSyslogSettings>? change = null)
    {
        var settings = new AuditSyslogSettings { Syslog = $"tcp://127.0.0.1:{port}", Hostname = "server1" };
        sink = await new AuditSyslogPlugin().StartAsync(change?.Invoke(settings) ?? settings, host, default);
    }

    // As the host does: the same batch again until it is taken.
    private async Task RetryAsync(IReadOnlyList<AuditEvent> batch)
    {
        for (var turn = 0; ; turn++)
        {
            try
            {
                await sink!.WriteAsync(batch, default);
                return;
            }
            catch (IOException) when (turn < 10)
            {
                host.Time.Advance(TimeSpan.FromMinutes(1));
            }
        }
    }
}
