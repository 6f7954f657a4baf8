using System.Net;
using Kipuka.Sdk.Tck;

namespace Kipuka.Plugin_1.Tests;

public sealed class FrameTransportTests
{
    [Fact]
    public async Task The_plugin_keeps_the_contract()
    {
        var settings = new FrameSettings { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        (await TransportSuite.RunAsync(new FrameTransportPlugin(), settings, new TransportOptions { Client = new FrameClient() })).ThrowIfFailed();
    }
}
