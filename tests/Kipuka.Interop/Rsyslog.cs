using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary>rsyslogd as a child process on a loopback port, which writes what it has parsed as lines of JSON.</summary>
internal sealed class Rsyslog : IAsyncDisposable
{
    private const string Program = "/usr/sbin/rsyslogd"; // not on every user's PATH
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ScratchFolder _folder = new();
    private Process? _process;

    /// <param name="module">Parameters of imtcp.</param>
    /// <param name="certificates">Files for TLS, by the global parameters that name them.</param>
    private Rsyslog(string module, params (string Parameter, string Pem)[] certificates)
    {
        foreach (var (parameter, pem) in certificates)
        {
            File.WriteAllText(_folder[parameter], pem);
        }
        var files = string.Join(' ', certificates.Select(file => $"{file.Parameter}=\"{_folder[file.Parameter]}\""));
        File.WriteAllText(_folder["rsyslog.conf"], $$"""
            global(workDirectory="{{_folder.Path}}" net.enableDNS="off" {{files}})
            module(load="imudp")
            module(load="imtcp" {{module}})
            module(load="mmpstrucdata")
            input(type="imudp" address="127.0.0.1" port="{{Port}}" ruleset="audit")
            input(type="imtcp" address="127.0.0.1" port="{{Port}}" ruleset="audit")
            template(name="time" type="string" string="%timereported:::date-rfc3339%")
            template(name="line" type="string" string="%$!all-json%\n")
            ruleset(name="audit") {
              action(type="mmpstrucdata")
              set $!version = $protocol-version;
              set $!priority = $pri;
              set $!time = exec_template("time");
              set $!host = $hostname;
              set $!application = $app-name;
              set $!process = $procid;
              set $!id = $msgid;
              set $!message = $msg;
              action(type="omfile" file="{{Output}}" template="line")
            }
            """);
    }

    public int Port { get; } = FreePorts.Next();

    /// <summary>Every message it has taken, as it understood it.</summary>
    public IReadOnlyList<JsonElement> Messages => File.Exists(Output)
        ? [.. File.ReadAllText(Output).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)]
        : [];

    /// <summary>The numbers of the journal's records that it has, in the order of arrival.</summary>
    public IReadOnlyList<long> Sequences => [.. Messages.Select(message => long.Parse(Data(message).GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture))];

    private string Output => _folder["messages.json"];

    public static JsonElement Data(JsonElement message) => message.GetProperty("rfc5424-sd").GetProperty("kipuka@32473");

    public static async Task<Rsyslog> RunAsync()
    {
        var server = new Rsyslog("");
        await server.StartAsync();
        return server;
    }

    /// <param name="driver"><c>ossl</c> or <c>gtls</c>.</param>
    /// <param name="authority">Vouches for the server, and for clients where they have to show a certificate.</param>
    /// <param name="name">In the server's certificate.</param>
    /// <param name="client">Whether a client has to have a certificate.</param>
    public static async Task<Rsyslog> RunTlsAsync(string driver, TestAuthority authority, string name = "localhost", bool client = false)
    {
        using var certificate = authority.Issue($"CN={name}", [name], ["1.3.6.1.5.5.7.3.1"]);
        var server = new Rsyslog(
            $"""StreamDriver.Name="{driver}" StreamDriver.Mode="1" StreamDriver.AuthMode="{(client ? "x509/certvalid" : "anon")}" """,
            ("defaultNetstreamDriverCAFile", authority.CertificatePem),
            ("defaultNetstreamDriverCertFile", certificate.ExportCertificatePem()),
            ("defaultNetstreamDriverKeyFile", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        Assert.True(File.Exists(Program), $"{Program} is missing: apt-get install rsyslog rsyslog-openssl rsyslog-gnutls");
        _process = Process.Start(new ProcessStartInfo(Program, ["-n", "-f", _folder["rsyslog.conf"], "-i", _folder["pid"]]))!;
        await UntilAsync(() => Listens("/proc/net/tcp") && Listens("/proc/net/udp"), () => $"rsyslogd does not listen; it has ended: {_process.HasExited}");
    }

    /// <summary>SIGTERM: it writes what it has and ends.</summary>
    public async Task StopAsync()
    {
        await Peer.BashAsync($"kill {_process!.Id}");
        await _process.WaitForExitAsync().WaitAsync(Limit);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Waits for messages that satisfy a condition.</summary>
    public Task HasAsync(Func<IReadOnlyList<JsonElement>, bool> condition)
        => UntilAsync(() => condition(Messages), () => $"these came:\n{string.Join('\n', Messages)}");

    private static Task UntilAsync(Func<bool> holds, Func<string> otherwise) => UntilAsync(() => Task.FromResult(holds()), otherwise);

    /// <summary>Asks until it holds: nothing else tells when another process is ready.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> otherwise)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Limit, otherwise());
            await Task.Delay(Poll);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }
        _process?.Dispose();
        _folder.Dispose();
    }

    // Without a connection, which it would take for a broken handshake.
    private bool Listens(string table)
        => File.ReadAllText(table).Contains($":{Port:X4} 00000000:0000", StringComparison.Ordinal);
}
