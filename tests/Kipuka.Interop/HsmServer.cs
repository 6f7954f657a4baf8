using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>A server whose CAs lie in tokens, each with a label of its name.</summary>
internal static class HsmServer
{
    public const string PinKeys = "pin_env = \"KIPUKA_HSM_PIN\"";

    /// <summary>Health checks every second, and a breaker that asks again as soon.</summary>
    public const string QuickChecks = "[ha]\ncheck_interval = \"1s\"\nrecovery_timeout = \"1s\"\n";

    public static string Hsm(string keys = PinKeys, string? library = null) => $"[hsm]\nlibrary = \"{library ?? SoftHsm.Library}\"\n{keys}\n";

    public static string Authority(string name, string certificate, string keys)
        => $"[[ca]]\nid = \"{name}\"\nlabel = \"{name}\"\ncert = \"{certificate}\"\ndefault_ext_key_usage = [\"serverAuth\", \"clientAuth\"]\n{keys}\n";

    public static Task<KipukaServer> StartAsync(SoftHsm hsm, string tables, IReadOnlyDictionary<string, string?>? environment = null)
        => KipukaServer.StartAsync(new ServerSetup { More = tables, Environment = environment ?? hsm.Environment });

    /// <summary>Why a server does not start.</summary>
    public static async Task<string> FailureAsync(SoftHsm hsm, string tables, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var fault = await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await (await StartAsync(hsm, tables, environment)).DisposeAsync());
        return fault.Message;
    }

    public static async Task<EstAnswer> EnrollAsync(KipukaServer server, string label, string device = "device")
    {
        using var csr = new Csr($"CN={device}", [$"{device}.example"]);
        return await server.EnrollAsync(csr, await server.CreatePasswordAsync(), path: $"{label}/simpleenroll");
    }

    /// <summary>Asks until it is answered so, for as long as the server's health check may take to notice.</summary>
    public static async Task<EstAnswer> EnrollUntilAsync(KipukaServer server, string label, HttpStatusCode wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var answer = await EnrollAsync(server, label);
            if (answer.Status == wanted)
            {
                return answer;
            }
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>By openssl, which has had no part in the signature.</summary>
    public static async Task VerifyAsync(string authority, params X509Certificate2[] certificates)
    {
        using var folder = new ScratchFolder();
        var files = certificates.Select((certificate, index) =>
        {
            File.WriteAllText(folder[$"{index}.pem"], certificate.ExportCertificatePem());
            return folder[$"{index}.pem"];
        }).ToArray();
        var result = await Tool.RunAsync("openssl", ["verify", "-x509_strict", "-CAfile", authority, .. files]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
