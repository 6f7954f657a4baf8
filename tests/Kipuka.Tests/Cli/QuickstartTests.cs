using System.Net;
using System.Net.Sockets;
using Kipuka.Cli.Quickstart;

namespace Kipuka.Tests.Cli;

public sealed class QuickstartTests : IDisposable
{
    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_taken_port_is_a_sentence_and_nothing_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, error) = await cli.RunAsync("quickstart", "--dir", "data", "--port", (port - 1000).ToString(null, null));
        Assert.Equal(1, code);
        Assert.Contains($"port {port} of 127.0.0.1 is taken by another program; choose another --port", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.PathOf("data")));
        Assert.Empty(cli.Server.Runs);
    }

    [Fact]
    public async Task The_printed_lines_are_what_bash_understands_whatever_the_folder_is_called()
    {
        const string folder = "/tmp/it's a $HOME \"folder\"; rm `x`";
        var lines = Explanation.Commands(folder, folder + "/ca.pem", new Uri("https://127.0.0.1:8443/.well-known/est"), "Ab0", proxied: false);
        // Each program prints its arguments instead of running.
        var (code, output) = await Tool.RunAsync("bash", "-euc",
            "openssl() { printf '%s|' \"$@\"; echo; }; curl() { printf '%s|' \"$@\" >&2; echo >&2; }; base64() { cat; }; " + lines);
        Assert.Equal(0, code);
        Assert.Contains($"|-keyout|{folder}/device-1.key|-out|{folder}/device-1.csr|", output, StringComparison.Ordinal);
        Assert.Contains($"|--cacert|{folder}/ca.pem|-u|device-1:Ab0|-H|Content-Type: application/pkcs10|--data-binary|@{folder}/device-1.csr|"
            + "https://127.0.0.1:8443/.well-known/est/simpleenroll|", output, StringComparison.Ordinal);
        Assert.Contains($"verify|-CAfile|{folder}/ca.pem|{folder}/device-1.pem|", output, StringComparison.Ordinal);
    }
}
