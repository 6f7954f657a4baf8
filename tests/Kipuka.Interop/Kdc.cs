using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kipuka.Interop;

/// <summary>
/// MIT's KDC on loopback with two realms, of which EST.TEST trusts PARTNER.TEST. Everything it has lies in a folder of its own; no file of the system
/// is read or written.
/// </summary>
internal sealed class Kdc : IAsyncDisposable
{
    public const string Realm = "EST.TEST";
    public const string PartnerRealm = "PARTNER.TEST";
    public const string Password = "a password";

    private const string Tools = "/usr/sbin/";
    private const string Header = "Authorization: Negotiate ";
    private const string Ready = "commencing operation";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string? _clock;
    private readonly ScratchFolder _folder = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    private Kdc(string? clock)
    {
        _clock = clock;
        var port = FreePorts.Next();
        File.WriteAllText(_folder["krb5.conf"], $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{port}}
              }
              {{PartnerRealm}} = {
                kdc = 127.0.0.1:{{port}}
              }
            [domain_realm]
              localhost = {{Realm}}
            [capaths]
              {{PartnerRealm}} = {
                {{Realm}} = .
              }
            [logging]
              kdc = STDERR
            """);
        File.WriteAllText(_folder["kdc.conf"], $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
            {{string.Join('\n', new[] { Realm, PartnerRealm }.Select(realm => $$"""
                {{realm}} = {
                  database_name = {{_folder[realm + ".db"]}}
                  key_stash_file = {{_folder[realm + ".stash"]}}
                  acl_file = {{_folder["acl"]}}
                  max_life = 10h
                  supported_enctypes = aes256-cts-hmac-sha1-96:normal
                }
              """))}}
            """);
        // The KDC's own replay cache, and those of whoever is given this environment.
        Directory.CreateDirectory(_folder["rcache"]);
    }

    /// <summary>For programs that are to live in this realm. Their tickets are in nobody's cache until <see cref="LogInAsync"/>.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["KRB5_CONFIG"] = _folder["krb5.conf"],
        ["KRB5_KDC_PROFILE"] = _folder["kdc.conf"],
        ["KRB5CCNAME"] = "FILE:" + _folder["nobody.cache"],
        ["KRB5RCACHEDIR"] = _folder["rcache"],
    };

    /// <param name="clock">How far from now it lives, as faketime has it: <c>-11h</c>.</param>
    public static async Task<Kdc> StartAsync(string? clock = null)
    {
        var kdc = new Kdc(clock);
        try
        {
            foreach (var realm in new[] { Realm, PartnerRealm })
            {
                await kdc.RunAsync([Tools + "kdb5_util", "create", "-s", "-r", realm, "-P", "master"]);
                await kdc.AdministerAsync(realm, $"addprinc -pw shared krbtgt/{Realm}@{PartnerRealm}");
            }
            await kdc.ServeAsync();
            return kdc;
        }
        catch (Exception)
        {
            await kdc.DisposeAsync();
            throw;
        }
    }

    /// <summary>Principals with <see cref="Password"/>.</summary>
    public Task AddAsync(params string[] principals)
        => Task.WhenAll(principals.GroupBy(RealmOf).Select(group => AdministerAsync(group.Key, [.. group.Select(one => $"addprinc -pw \"{Password}\" \"{one.Replace("\"", "\"\"")}\"")])));

    /// <summary>A service with a random key.</summary>
    /// <returns>Its keytab, which holds those of all that were named.</returns>
    public async Task<string> AddServicesAsync(params string[] services)
    {
        var keytab = _folder[$"{Guid.NewGuid():N}.keytab"];
        await AdministerAsync(Realm, [.. services.SelectMany(one => new[] { $"addprinc -randkey {one}", $"ktadd -k {keytab} {one}" })]);
        return keytab;
    }

    /// <summary>The environment of somebody who has typed the password.</summary>
    public async Task<Dictionary<string, string?>> LogInAsync(string principal, params string[] options)
    {
        var environment = Environment;
        environment["KRB5CCNAME"] = "FILE:" + _folder[$"{Guid.NewGuid():N}.cache"];
        string[] kinit = ["kinit", .. options, principal];
        await RunAsync(_clock is null ? kinit : ["faketime", "-f", _clock, .. kinit], environment, Password + "\n");
        return environment;
    }

    /// <summary>The token that curl would send for a service, taken by somebody in between: no server has seen it yet.</summary>
    public async Task<byte[]> TokenAsync(Dictionary<string, string?> who, string host = "localhost", string? clock = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        string[] curl = ["curl", "-s", "--negotiate", "-u", ":", "--noproxy", "*", "--resolve", $"{host}:{port}:127.0.0.1", $"http://{host}:{port}/"];
        var running = RunAsync((clock ?? _clock) is { } time ? ["faketime", "-f", time, .. curl] : curl, who);
        using var client = await listener.AcceptTcpClientAsync().WaitAsync(StartLimit);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1, leaveOpen: true);
        var token = "";
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            token = line.StartsWith(Header, StringComparison.Ordinal) ? line[Header.Length..] : token;
        }
        await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
        await running;
        Assert.NotEmpty(token);
        return Convert.FromBase64String(token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
            process.Dispose();
        }
        _folder.Dispose();
    }

    private static string RealmOf(string principal) => principal[(principal.LastIndexOf('@') + 1)..];

    private async Task AdministerAsync(string realm, params string[] commands)
        => await RunAsync([Tools + "kadmin.local", "-r", realm], input: string.Join('\n', commands) + "\n");

    private async Task RunAsync(string[] command, Dictionary<string, string?>? environment = null, string? input = null)
    {
        Assert.True(
            command[0].StartsWith('/') ? File.Exists(command[0]) : Tool.Exists(command[0]),
            $"{command[0]} is missing: apt-get install krb5-kdc krb5-admin-server krb5-user faketime curl");
        var result = await Tool.RunAsync(command[0], command[1..], environment: environment ?? Environment, input: input);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result}");
    }

    private async Task ServeAsync()
    {
        string[] kdc = [Tools + "krb5kdc", "-n", "-r", Realm, "-r", PartnerRealm, "-P", _folder["kdc.pid"]];
        string[] command = _clock is null ? kdc : ["faketime", "-f", _clock, .. kdc];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The KDC ended."));
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(Ready, StringComparison.Ordinal) == true)
            {
                _ready.TrySetResult();
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        await _ready.Task.WaitAsync(StartLimit);
    }
}
