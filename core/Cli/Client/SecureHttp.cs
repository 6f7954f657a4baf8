using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Telemetry;

namespace Kipuka.Cli.Client;

/// <summary>HTTPS that verifies the server against the given anchors, or the system's, and says in a sentence why it does not trust it.</summary>
internal sealed class SecureHttp : IDisposable
{
    private const int MaxAnswerBytes = 4 << 20;

    private readonly HttpClient client;
    private readonly string trusted;
    private string? distrust;

    /// <param name="server">Where the requests go: a loopback server is never reached through a proxy.</param>
    /// <param name="anchors">Null for the system's.</param>
    /// <param name="identity">What to show when the server asks for a certificate; null for nothing.</param>
    public SecureHttp(Uri server, X509Certificate2Collection? anchors, ClientIdentity? identity)
    {
        trusted = anchors is null ? "the system's CA certificates; name its CA with --cacert" : "the CA certificates given";
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors);
        }
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(certificate, chain, errors),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (identity is not null)
        {
            tls.ClientCertificateContext = identity.Context;
        }
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            AllowAutoRedirect = false,
            UseProxy = !server.IsLoopback,
            UseCookies = false,
        };
        client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan, // the caller has one deadline for everything
            MaxResponseContentBufferSize = MaxAnswerBytes,
            DefaultRequestVersion = HttpVersion.Version11,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new("kipuka", Build.Version));
    }

    /// <exception cref="CliException">Nothing came back, or not from the server that was meant.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        => SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);

    /// <summary>The same for an answer of any length: its body is still to be read.</summary>
    /// <exception cref="CliException">Nothing came back, or not from the server that was meant.</exception>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancel)
        => SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancel)
    {
        var uri = request.RequestUri!;
        try
        {
            return await client.SendAsync(request, completion, cancel);
        }
        catch (HttpRequestException fault)
        {
            var reason = fault.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError when distrust is not null => distrust,
                HttpRequestError.SecureConnectionError => $"the TLS handshake failed: {Innermost(fault)}",
                HttpRequestError.NameResolutionError => $"there is no address for {uri.Host}",
                HttpRequestError.ConnectionError => $"no connection to {uri.Authority}: {Innermost(fault)}",
                _ => Innermost(fault),
            };
            throw new CliException($"{uri}: {SafeText.OneLine(reason)}");
        }
    }

    public void Dispose() => client.Dispose();

    private static string Innermost(Exception fault)
    {
        while (fault.InnerException is { } inner)
        {
            fault = inner;
        }
        return fault.Message;
    }

    private bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }
        var shown = certificate as X509Certificate2;
        distrust = errors switch
        {
            _ when shown is null => "the server showed no certificate",
            SslPolicyErrors.RemoteCertificateNameMismatch =>
                $"the server's certificate is not for this name; it is for {Names(shown)}",
            _ => $"the server's certificate ({shown.Subject}) is not trusted by {trusted}: "
                + string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct() ?? []),
        };
        return false;
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null
            ? certificate.Subject
            : string.Join(", ", [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())]);
    }
}
