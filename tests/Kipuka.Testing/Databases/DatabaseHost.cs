using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>A database server of the tests' own: on loopback, in a scratch folder, with TLS for the name localhost and no other.</summary>
public abstract class DatabaseHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private readonly TestAuthority _authority = new("Database CA");
    private Process? _process;
    private int _databases;

    /// <summary>The user's; in every URL, so that tests can look for it where it must not be.</summary>
    public string Password { get; protected init; } = "pw" + Convert.ToHexString(RandomNumberGenerator.GetBytes(12));

    public int Port { get; } = FreePorts.Next();

    /// <summary>The CA of the server's certificate.</summary>
    public string CaFile => this["ca.pem"];

    /// <summary>The engine's word in <c>migrations/</c>.</summary>
    public abstract string Engine { get; }

    protected abstract string Scheme { get; }

    /// <summary>The account that the server refuses to be root for.</summary>
    protected abstract string Account { get; }

    protected string this[string name] => _folder[name];

    /// <summary>For kipuka.toml.</summary>
    public string Url(string database, string parameters = "", string host = "127.0.0.1") =>
        $"{Scheme}://kipuka:{Password}@{host}:{Port}/{database}{(parameters.Length > 0 ? "?" + parameters : "")}";

    /// <summary>An empty database of a name that no other test has.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "t" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await SqlAsync(null, $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs statements as the server's administrator; the rows, columns separated by tabs or bars.</summary>
    public abstract Task<string> SqlAsync(string? database, string sql);

    /// <summary>Ends every connection, as a network that breaks does.</summary>
    public abstract Task BreakConnectionsAsync();

    /// <summary>SIGKILL. What was committed is in the files.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts the server on its data.</summary>
    public async Task StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        _process = Process.Start(As(Server()))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                throw new InvalidOperationException($"{Engine} does not start: exit code {(_process.HasExited ? _process.ExitCode : "none")}");
            }
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }
        _process?.Dispose();
        _folder.Dispose();
        _authority.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task CreateAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException($"{Program} is missing: apt-get install {Package}");
        }
        using var certificate = _authority.Issue("CN=localhost", ["localhost"], ["1.3.6.1.5.5.7.3.1"]);
        await File.WriteAllTextAsync(CaFile, _authority.CertificatePem);
        await File.WriteAllTextAsync(this["server.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(this["server-key.pem"], certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(this["server-key.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (IsRoot)
        {
            await CheckedAsync("chown", ["-R", Account, _folder.Path]);
        }
        await InitializeAsync();
        await StartAsync();
    }

    /// <summary>Makes the files of a new server.</summary>
    protected abstract Task InitializeAsync();

    /// <summary>The server's command line.</summary>
    protected abstract string[] Server();

    protected abstract string Program { get; }

    /// <summary>Its Debian package.</summary>
    protected abstract string Package { get; }

    protected abstract Task<bool> AnswersAsync();

    protected Task<Tool.Result> RunAsAsync(string[] command)
    {
        var start = As(command);
        return Tool.RunAsync(start.FileName, start.ArgumentList, _folder.Path);
    }

    protected static async Task<string> CheckedAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var result = await Tool.RunAsync(program, arguments, environment: environment);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{program}: {result}");
    }

    private static bool IsRoot => Environment.UserName == "root";

    // setpriv becomes the server, so that the process that is known here is the server's.
    private ProcessStartInfo As(string[] command)
    {
        string[] whole = IsRoot ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", .. command] : command;
        return new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
    }
}
