namespace Kipuka.Conformance;

/// <summary>SIGTERM: nobody new, the rest to its end, exit code 0.</summary>
public sealed class Shutdown
{
    [Fact]
    public async Task A_request_in_flight_gets_its_answer()
    {
        await using var server = await KipukaServer.StartAsync();
        var password = await server.CreatePasswordAsync();
        using var csr = new Csr("CN=in-flight");
        await using var wire = await Wire.ConnectAsync(server);
        // The server's 100 shows that it has the request and waits for the body.
        var going = await wire.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\nExpect: 100-continue\r\n"
            + $"Authorization: Basic {Basic.Of(password)}\r\nContent-Length: {csr.Base64.Length}\r\n\r\n");
        Assert.Equal(100, going.Status);
        var stopped = server.StopAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!server.Log.Contains("Kipuka stops", StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        var answer = await wire.AskAsync(csr.Base64);
        Assert.Equal(200, answer.Status);
        Assert.Equal(0, await stopped);
    }
}
