using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Testing;

/// <summary>Bouncy Castle as the other side of full CMC (java/CmcPeer.java): it makes requests from short descriptions, and reads answers.</summary>
public sealed class CmcPeer : IAsyncDisposable
{
    private static readonly string[] Jars = ["bcpkix", "bcprov", "bcutil"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _folder;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly SemaphoreSlim _turn = new(1);

    private CmcPeer(ScratchFolder folder, Process process)
    {
        _folder = folder;
        _process = process;
        process.ErrorDataReceived += (_, line) => _complaints.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    public static async Task<CmcPeer> StartAsync()
    {
        var folder = new ScratchFolder();
        var path = string.Join(':', Jars.Select(Jar).Append(folder.Path));
        var compiled = await Tool.RunAsync("javac", ["-cp", path, "-d", folder.Path, Path.Combine(AppContext.BaseDirectory, "java", "CmcPeer.java")]);
        if (compiled.ExitCode != 0)
        {
            throw new InvalidOperationException(compiled.ToString());
        }
        var start = new ProcessStartInfo("java", ["-XX:TieredStopAtLevel=1", "-cp", path, "CmcPeer"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new CmcPeer(folder, Process.Start(start) ?? throw new InvalidOperationException("java does not start."));
    }

    /// <summary>Gives it a certificate, with its key where it has one, under a name for descriptions.</summary>
    public async Task LoadAsync(string name, X509Certificate2 certificate)
    {
        await _turn.WaitAsync();
        try
        {
            await SayAsync(certificate.HasPrivateKey
                ? $"load {name} {Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, "peer"))}"
                : $"cert {name} {Convert.ToBase64String(certificate.RawData)}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The message that the lines describe; their words are apart by spaces. See <c>run</c> in CmcPeer.java.</summary>
    public async Task<byte[]> MakeAsync(params IEnumerable<string> lines) => Convert.FromBase64String((await AskAsync([.. lines, "go"])).Single());

    /// <summary>The PKIData of a message, for another signer.</summary>
    public async Task<byte[]> MakeBareAsync(params IEnumerable<string> lines) => Convert.FromBase64String((await AskAsync([.. lines, "bare"])).Single());

    /// <summary>Sends a message over HTTPS itself, and reads the answer.</summary>
    public async Task<CmcReply> PostAsync(string url, string authority, string client, ReadOnlyMemory<byte> message)
        => CmcReply.Parse(await AskAsync([$"post {url} {authority} {client} {Convert.ToBase64String(message.Span)}"]));

    /// <summary>What an answer says, and whether its signatures hold.</summary>
    public async Task<CmcReply> ReadAsync(ReadOnlyMemory<byte> message)
        => CmcReply.Parse(await AskAsync([$"read {Convert.ToBase64String(message.Span)}"]));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        _process.Dispose();
        _turn.Dispose();
        _folder.Dispose();
    }

    private async Task<List<string>> AskAsync(IEnumerable<string> lines)
    {
        await _turn.WaitAsync();
        try
        {
            foreach (var line in lines)
            {
                await SayAsync(line);
            }
            List<string> answer = [];
            for (var line = await HearAsync(); line != "end"; line = await HearAsync())
            {
                answer.Add(line);
            }
            return answer is [] || answer.Exists(line => line.StartsWith("error", StringComparison.Ordinal))
                ? throw new InvalidOperationException(string.Join('\n', answer.Concat(_complaints)))
                : answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line.Replace(' ', '\t'));
        await _process.StandardInput.FlushAsync();
    }

    private async Task<string> HearAsync()
        => await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit)
            ?? throw new InvalidOperationException(new StringBuilder("java ended: ").AppendJoin('\n', _complaints).ToString());

    private static string Jar(string name)
    {
        var jar = $"/usr/share/java/{name}.jar";
        return File.Exists(jar) ? jar : throw new InvalidOperationException($"{jar} is missing: apt-get install lib{name}-java");
    }
}
