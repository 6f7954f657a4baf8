using System.Diagnostics;
using System.Text;

namespace Kipuka.Interop;

/// <summary><c>kipuka quickstart</c> as a child process, and what it printed.</summary>
public sealed class RunningQuickstart : IAsyncDisposable
{
    private const string LastLine = "Ctrl-C stops the server.";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly StringBuilder _log = new();

    private RunningQuickstart(Process process) => _process = process;

    /// <summary>Standard output up to the end of the explanation.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>The lines to paste.</summary>
    public string Lines => Between("Paste this into another terminal to get a certificate with it:", "Another password:");

    public string Url => Between("Kipuka serves EST on ", "\n");

    public string Fingerprint => Between("CA fingerprint (SHA-256): ", "\n");

    public string Password => Between("One-time password for device-1: ", "\n");

    public static async Task<RunningQuickstart> StartAsync(string folder, int port)
    {
        var start = new ProcessStartInfo(Repository.Executable, ["quickstart", "--dir", folder, "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new RunningQuickstart(new Process { StartInfo = start, EnableRaisingEvents = true });
        await running.ReadyAsync();
        return running;
    }

    /// <summary>A port whose neighbour 1000 above, the admin API's, is free as well.</summary>
    public static int Port()
    {
        while (true)
        {
            var port = FreePorts.Next();
            try
            {
                using var admin = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port + 1000);
                admin.Start();
                return port;
            }
            catch (Exception fault) when (fault is System.Net.Sockets.SocketException or ArgumentOutOfRangeException)
            {
                // Taken, or beyond 65535: the next one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_printed)
            {
                _printed.Append(line.Data).Append('\n');
            }
            if (line.Data == LastLine)
            {
                ready.TrySetResult();
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.Append(line.Data).Append('\n');
            }
        };
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("quickstart ended"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(Limit);
        }
        catch (Exception fault)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"quickstart did not get ready:\n{Printed}\n{_log}", fault);
        }
    }

    private string Between(string before, string after)
    {
        var printed = Printed;
        var from = printed.IndexOf(before, StringComparison.Ordinal);
        Assert.True(from >= 0, $"quickstart did not print \"{before}\":\n{printed}");
        from += before.Length;
        return printed[from..printed.IndexOf(after, from, StringComparison.Ordinal)].Trim();
    }
}
