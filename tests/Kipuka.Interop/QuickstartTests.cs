using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>What a newcomer does: start it, paste the lines it prints, look at the certificate with openssl.</summary>
public sealed class QuickstartTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly int _port = RunningQuickstart.Port();
    private RunningQuickstart? _quickstart;

    private RunningQuickstart Quickstart => _quickstart!;

    private string Data => _folder["a folder with spaces"];

    public async Task InitializeAsync() => _quickstart = await RunningQuickstart.StartAsync(Data, _port);

    public async Task DisposeAsync()
    {
        if (_quickstart is not null)
        {
            await _quickstart.DisposeAsync();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task ThePrintedLinesGetACertificateWhichVerifiesAgainstCacerts()
    {
        var output = await Peer.BashAsync(Quickstart.Lines);
        Assert.EndsWith("device-1.pem: OK\n", output, StringComparison.Ordinal);

        var (device, fetched) = (Path.Combine(Data, "device-1.pem"), _folder["cacerts.pem"]);
        await Peer.BashAsync($"curl -sS --fail --noproxy '*' --cacert '{Ca}' {Quickstart.Url}/cacerts | base64 -d | openssl pkcs7 -inform DER -print_certs -out '{fetched}'");
        Assert.Equal($"{device}: OK\n", await Peer.RunAsync("openssl", "verify", "-x509_strict", "-CAfile", fetched, device));
        Assert.Equal($"{device}: OK\n", await Peer.RunAsync("openssl", "verify", "-purpose", "sslclient", "-CAfile", fetched, device));
        Assert.Equal("subject=CN = device-1\n", await Peer.RunAsync("openssl", "x509", "-in", device, "-noout", "-subject"));
        using var pair = X509Certificate2.CreateFromPemFile(device, Path.Combine(Data, "device-1.key"));
        Assert.True(pair.HasPrivateKey);
    }

    [Fact]
    public async Task ThePrintedPasswordFailsTheSecondTimeWith401()
    {
        await Peer.BashAsync(Quickstart.Lines);
        var again = await Peer.TryAsync("bash", "-o", "pipefail", "-c", Quickstart.Lines);
        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("The requested URL returned error: 401", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CurlRenewsWithTheCertificate()
    {
        await Peer.BashAsync(Quickstart.Lines);
        var (key, request, renewed) = (_folder["new.key"], _folder["new.csr"], _folder["new.pem"]);
        await Peer.BashAsync($"""
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=device-1 -keyout '{key}' -out '{request}'
            curl -sS --fail --noproxy '*' --cacert '{Ca}' --cert '{Data}/device-1.pem' --key '{Data}/device-1.key' \
              -H 'Content-Type: application/pkcs10' --data-binary @'{request}' {Quickstart.Url}/simplereenroll \
              | base64 -d | openssl pkcs7 -inform DER -print_certs -out '{renewed}'
            """);
        Assert.Equal($"{renewed}: OK\n", await Peer.RunAsync("openssl", "verify", "-CAfile", Ca, renewed));
    }

    [Fact]
    public async Task ThePrintedFingerprintIsThatOfTheCa()
        => Assert.Equal($"sha256 Fingerprint={Quickstart.Fingerprint}\n", await Peer.RunAsync("openssl", "x509", "-in", Ca, "-noout", "-fingerprint", "-sha256"));

    [Fact]
    public async Task ASecondRunKeepsTheCaAndPrintsANewPasswordThatWorks()
    {
        var (fingerprint, password) = (Quickstart.Fingerprint, Quickstart.Password);
        await Quickstart.DisposeAsync();
        _quickstart = await RunningQuickstart.StartAsync(Data, _port);
        Assert.Equal(fingerprint, Quickstart.Fingerprint);
        Assert.NotEqual(password, Quickstart.Password);
        Assert.EndsWith("device-1.pem: OK\n", await Peer.BashAsync(Quickstart.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnceEnrollsAndRenewsPrintsTheCertificateAndExitsZero()
    {
        var once = await Peer.KipukaAsync("quickstart", "--once", "--dir", _folder["once"], "--port", $"{RunningQuickstart.Port()}");
        Assert.True(once.ExitCode == 0, once.ToString());
        var printed = _folder["once.pem"];
        await File.WriteAllTextAsync(printed, once.Output[once.Output.IndexOf("-----BEGIN", StringComparison.Ordinal)..]);
        Assert.Equal($"{printed}: OK\n", await Peer.RunAsync("openssl", "verify", "-CAfile", Path.Combine(_folder["once"], "ca.pem"), printed));
    }

    private string Ca => Path.Combine(Data, "ca.pem");
}
