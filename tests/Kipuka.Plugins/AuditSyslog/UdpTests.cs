using System.Net;
using System.Net.Sockets;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Plugins.Tests.Fakes;

namespace Kipuka.Plugins.Tests.AuditSyslog;

public sealed class UdpTests
{
    // RFC 5426 section 3.1: one message a datagram; section 3.2: 1180 octets are taken everywhere.
    [Fact]
    public async Task A_datagram_is_a_message_of_at_most_1180_octets()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var host = new FakeHost();
        var settings = new AuditSyslogSettings { Syslog = $"udp://127.0.0.1:{((IPEndPoint)server.Client.LocalEndPoint!).Port}" };
        await using var sink = await new AuditSyslogPlugin().StartAsync(settings, host, default);
        var large = Records.Number(2) with { Fields = new Dictionary<string, string> { ["reason"] = new string('x', 1024), ["subject"] = new string('y', 1024) } };
        await sink.WriteAsync([Records.Number(1), large], default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("1", SyslogMessage.Parse((await server.ReceiveAsync(limit.Token)).Buffer).Data["sequence"]);
        var second = (await server.ReceiveAsync(limit.Token)).Buffer;
        Assert.InRange(second.Length, 1100, 1180);
        Assert.Equal("true", SyslogMessage.Parse(second).Data["truncated"]);
    }

    [Fact]
    public async Task Where_ICMP_says_that_nobody_listens_the_batch_is_an_exception()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)server.Client.LocalEndPoint!).Port;
        server.Dispose();
        using var host = new FakeHost();
        await using var sink = await new AuditSyslogPlugin().StartAsync(new AuditSyslogSettings { Syslog = $"udp://127.0.0.1:{port}" }, host, default);
        var fault = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync(Records.Numbers(1, 50), default).AsTask());
        Assert.Contains("Connection refused", fault.Message, StringComparison.Ordinal);
    }
}
