using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Kipuka.Testing;

/// <summary>The published server as a child process, with a configuration, a CA and a file database of its own, on loopback.</summary>
public sealed partial class KipukaServer : IAsyncDisposable
{
    private const string ReadyMark = "Kipuka is ready";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ServerSetup _setup;
    private Process? _process;
    private TaskCompletionSource _ready = new();

    private KipukaServer(ServerSetup setup)
    {
        _setup = setup;
        Port = FreePorts.Next();
        AdminPort = FreePorts.Next();
        AdminToken = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        Write();
    }

    public int Port { get; }

    public int AdminPort { get; }

    public string AdminToken { get; }

    public string Folder => _folder.Path;

    public string ConfigFile => _folder["kipuka.toml"];

    public string CaFile => _folder["ca.pem"];

    public string DatabaseFile => _folder["kipuka.db"];

    public string Url => $"https://localhost:{Port}/.well-known/est";

    public int ProcessId => _process!.Id;

    /// <summary>Everything the server has written to standard error.</summary>
    public string Log => string.Join('\n', _log);

    public TestAuthority Authority => _setup.Authority;

    public static async Task<KipukaServer> StartAsync(ServerSetup? setup = null)
    {
        var server = new KipukaServer(setup ?? new ServerSetup());
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>Starts the same server on the same data again.</summary>
    public async Task StartProcessAsync()
    {
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo(Repository.Executable, ["run", "--config", ConfigFile])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        };
        foreach (var (name, value) in _setup.Environment)
        {
            start.Environment[name] = value;
        }
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.Exited += (_, _) =>
        {
            process.WaitForExit(); // until its last words have been read
            _ready.TrySetException(new InvalidOperationException($"The server ended with {process.ExitCode}:\n{Log}"));
        };
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _process = process;
        try
        {
            await _ready.Task.WaitAsync(StartLimit);
        }
        catch (Exception)
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal(15);
        await _process!.WaitForExitAsync().WaitAsync(StartLimit);
        return _process.ExitCode;
    }

    public void Signal(int signal)
    {
        if (SendSignal(_process!.Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>A client that trusts the server's CA only; every one has connections of its own.</summary>
    public HttpClient Client(X509Certificate2? certificate = null, System.Security.Authentication.SslProtocols protocols = System.Security.Authentication.SslProtocols.None)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions.EnabledSslProtocols = protocols;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => IsTrusted(presented);
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public Task<EstAnswer> EnrollAsync(Csr csr, string? password = null, X509Certificate2? certificate = null, string path = "simpleenroll")
        => SendAsync(HttpMethod.Post, path, csr.Base64, "application/pkcs10", password, certificate);

    /// <summary>One request on a connection of its own.</summary>
    public async Task<EstAnswer> SendAsync(
        HttpMethod method, string path, object? body = null, string? contentType = null, string? password = null, X509Certificate2? certificate = null,
        Action<HttpRequestMessage>? change = null)
    {
        using var client = Client(certificate);
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? $"https://localhost:{Port}{path}" : $"{Url}/{path}");
        request.Content = body switch
        {
            null => null,
            byte[] bytes => new ByteArrayContent(bytes),
            _ => new ByteArrayContent(Encoding.UTF8.GetBytes((string)body)),
        };
        if (contentType is not null)
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        if (password is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{password}")));
        }
        change?.Invoke(request);
        using var response = await client.SendAsync(request);
        return new EstAnswer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>One call of the admin API with the server's token (or another one).</summary>
    public async Task<(HttpStatusCode Status, JsonElement? Body, string Text)> AdminAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(method, $"https://localhost:{AdminPort}/admin/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AdminToken);
        request.Content = body is null ? null : new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return (response.StatusCode, isJson ? JsonDocument.Parse(text).RootElement : null, text);
    }

    /// <summary>A fresh one-time password.</summary>
    public async Task<string> CreatePasswordAsync(string? entity = null, int? maxUses = null)
    {
        var body = new Dictionary<string, object> { ["entity_id"] = entity ?? $"device-{Guid.NewGuid():N}" };
        if (maxUses is not null)
        {
            body["max_uses"] = maxUses;
        }
        var (status, answer, text) = await AdminAsync(HttpMethod.Post, "otp", body);
        return status == HttpStatusCode.Created ? answer!.Value.GetProperty("otp").GetString()! : throw new InvalidOperationException($"{status}: {text}");
    }

    /// <summary>Enrolls a device with a fresh password; the certificate with its key.</summary>
    public async Task<X509Certificate2> EnrollDeviceAsync(string subject, IEnumerable<string>? dns = null, string path = "simpleenroll")
    {
        using var csr = new Csr(subject, dns);
        var answer = await EnrollAsync(csr, await CreatePasswordAsync(), path: path);
        return answer.Status == HttpStatusCode.OK ? TestAuthority.WithKey(answer.Certificate, csr.Key) : throw new InvalidOperationException(answer.ToString());
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
            _process = null;
        }
        _folder.Dispose();
    }

    private bool IsTrusted(X509Certificate? presented)
    {
        if (presented is null)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build((X509Certificate2)presented);
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }
        _log.Enqueue(line);
        if (line.Contains(ReadyMark, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private void Write()
    {
        using var server = Authority.Issue("CN=localhost", ["localhost", "127.0.0.1"], ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.28"]);
        File.WriteAllText(CaFile, Authority.CertificatePem);
        WriteSecret("ca-key.pem", Authority.KeyPem);
        File.WriteAllText(_folder["server.pem"], server.ExportCertificatePem());
        WriteSecret("server-key.pem", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        foreach (var (name, content) in _setup.Files)
        {
            WriteSecret(name, content);
        }
        foreach (var plugin in _setup.Plugins)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Folder, "plugins", plugin)).FullName;
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Build, "test-plugins", plugin)))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AdminToken)));
        File.WriteAllText(ConfigFile, _setup.Config(Port, AdminPort, hash));
    }

    private void WriteSecret(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
