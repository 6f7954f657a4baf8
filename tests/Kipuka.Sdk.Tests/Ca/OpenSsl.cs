using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Tests.Ca;

/// <summary>The other reader of our certificates.</summary>
internal static class OpenSsl
{
    public static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    /// <summary>What <c>openssl verify</c> says, strictly, at the time of the tests.</summary>
    public static async Task<string> VerifyAsync(X509Certificate2 root, X509Certificate2 certificate)
    {
        using var folder = new TempFolder();
        var (_, output) = await RunAsync(
            "verify", "-x509_strict", "-check_ss_sig", "-attime", Make.Now.AddDays(1).ToUnixTimeSeconds().ToString(),
            "-CAfile", folder.Write("root.pem", root.ExportCertificatePem()), folder.Write("leaf.pem", certificate.ExportCertificatePem()));
        return output;
    }

    public static async Task<string> PrintAsync(X509Certificate2 certificate)
    {
        using var folder = new TempFolder();
        return (await RunAsync("x509", "-noout", "-text", "-in", folder.Write("leaf.pem", certificate.ExportCertificatePem()))).Output;
    }
}

internal sealed class TempFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("kipuka-test-").FullName;

    public string Write(string name, string text)
    {
        var file = Path.Combine(path, name);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
