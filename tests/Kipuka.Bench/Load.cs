using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Testing;

namespace Kipuka.Bench;

/// <summary>Drives one scenario from this process. Clients that keep their connections keep them from one run to the next.</summary>
internal sealed class Load(Target target, Scenario scenario, int connections) : IDisposable
{
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    private readonly HttpClient?[] clients = new HttpClient?[connections];
    private readonly ECDsa[] keys = [.. Enumerable.Range(0, connections).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];

    public async Task<Row> RunAsync(TimeSpan duration)
    {
        var before = ServerTime.Of(target.Server.ProcessId);
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(device => Task.Run(() => DriveAsync(device, watch, duration))));
        var elapsed = watch.Elapsed;
        var used = ServerTime.Of(target.Server.ProcessId) - before;
        var all = times.SelectMany(some => some).Order().ToList();
        return new Row(
            scenario.Name,
            all.Count,
            all.Count / elapsed.TotalSeconds,
            Percentile(all, 0.50),
            Percentile(all, 0.99),
            used.TotalMicroseconds / all.Count);
    }

    private async Task<List<double>> DriveAsync(int device, Stopwatch watch, TimeSpan duration)
    {
        var times = new List<double>();
        while (watch.Elapsed < duration)
        {
            using var request = Request(device, keys[device]);
            var started = Stopwatch.GetTimestamp();
            var client = clients[device] ??= Client(device);
            using (var answer = await client.SendAsync(request))
            {
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
            if (scenario.Fresh)
            {
                client.Dispose();
                clients[device] = null;
            }
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times;
    }

    public void Dispose()
    {
        Array.ForEach(clients, client => client?.Dispose());
        Array.ForEach(keys, key => key.Dispose());
    }

    private HttpClient Client(int device) => target.Client(scenario.Credential == Credential.Certificate ? target.Identity(device) : null);

    // A key is made once a device; its signature differs every time, so every request is a new one for the server.
    private HttpRequestMessage Request(int device, ECDsa key)
    {
        if (!scenario.Enrolls)
        {
            return new HttpRequestMessage(HttpMethod.Get, $"{target.Server.Url}/cacerts");
        }
        var csr = new Csr($"CN={Target.Name(device)}", [$"{Target.Name(device)}.example"], key: key);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{target.Server.Url}/{(scenario.Label is { } label ? $"{label}/" : "")}simpleenroll") { Content = new StringContent(csr.Base64) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/pkcs10");
        if (scenario.Credential == Credential.Password)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{target.Password(device)}")));
        }
        return request;
    }

    private static double Percentile(List<double> sorted, double part) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
}
