using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Reload;

/// <summary>Devices that enroll without a pause, each over a connection that it keeps until it is told to close it, and never twice the same request.</summary>
public sealed class Devices : IAsyncDisposable
{
    private readonly PluginServer _server;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly List<Task> _running;
    private long _done;

    private Devices(PluginServer server, IReadOnlyList<string> passwords)
    {
        _server = server;
        _running = [.. passwords.Select((password, device) => Task.Run(() => DriveAsync(device, password)))];
    }

    /// <summary>Enrollments that ended with a certificate.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Answers other than 200, and broken connections.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Devices> StartAsync(PluginServer server, int number)
    {
        List<string> passwords = [];
        for (var device = 0; device < number; device++)
        {
            passwords.Add(await server.Kipuka.CreatePasswordAsync($"device-{device}", maxUses: 1_000_000));
        }
        return new Devices(server, passwords);
    }

    /// <summary>Until so many more enrollments have ended.</summary>
    public Task MoreAsync(int number)
    {
        var goal = Done + number;
        return _server.UntilAsync(
            async () =>
            {
                await Task.Yield();
                return Done >= goal || Faults.Count > 0;
            },
            $"{number} more enrollments");
    }

    /// <summary>Lets every device end what it has begun.</summary>
    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _enough.Dispose();
    }

    private async Task DriveAsync(int device, string password)
    {
        using var client = _server.Kipuka.Client();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        while (!_enough.IsCancellationRequested)
        {
            try
            {
                var csr = new Csr($"CN=device-{device}", key: key);
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.Kipuka.Url}/simpleenroll") { Content = new StringContent(csr.Base64) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/pkcs10");
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{password}")));
                using var answer = await client.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref _done);
                }
                else
                {
                    _faults.Enqueue($"{(int)answer.StatusCode} {text}");
                }
            }
            catch (HttpRequestException broken)
            {
                _faults.Enqueue(broken.ToString());
            }
        }
    }
}
