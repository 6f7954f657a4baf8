using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>openssl s_client: a TLS implementation that is not ours, and that says what it sees.</summary>
internal sealed class OpenSsl : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kipuka-tls-");

    public OpenSsl()
    {
        var client = TestCertificates.Client;
        File.WriteAllText(At("client.pem"), client.ExportCertificatePem() + "\n" + client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(At("chain.pem"), TestCertificates.Intermediate.ExportCertificatePem());
        File.WriteAllText(At("root.pem"), TestCertificates.Root.ExportCertificatePem());
    }

    public string At(string file) => Path.Combine(folder.FullName, file);

    public string Client() => $"-cert {At("client.pem")} -cert_chain {At("chain.pem")}";

    /// <summary>Runs a command with a request on its standard input, to the end.</summary>
    public static async Task<string> RunAsync(string command, string arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TestServer.Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.StandardInput.WriteAsync(input);
        await process.StandardInput.FlushAsync();
        await process.WaitForExitAsync(limit.Token);
        return await output + await errors;
    }

    public static Task<string> ConnectAsync(TestServer server, string arguments, string input)
        => RunAsync("openssl", $"s_client -connect 127.0.0.1:{server.Port} -ign_eof {arguments}", input);

    public void Dispose() => folder.Delete(recursive: true);
}
