using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Cli.Setup;
using Kipuka.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Kipuka.Tests.Cli;

/// <summary>A TLS server on a free port of 127.0.0.1 whose answers a test writes; its certificates are those of <c>kipuka init</c>.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeServer(WebApplication app, Workspace workspace) => (this.app, Workspace) = (app, workspace);

    public Workspace Workspace { get; }

    public string Url => app.Urls.Single();

    public string CaFile => Workspace.CaFile;

    /// <summary>The requests so far: <c>POST /path?query</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <param name="folder">Where to make the certificates.</param>
    /// <param name="answer">What to do with a request.</param>
    public static async Task<FakeServer> StartAsync(string folder, Func<FakeServer, HttpContext, Task> answer)
    {
        var workspace = new Workspace(folder, TimeProvider.System);
        workspace.Create(Workspace.DefaultPort);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "server.pem"), Path.Combine(folder, "server-key.pem"));
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,
            });
        }));
        var app = builder.Build();
        var server = new FakeServer(app, workspace);
        app.Run(context =>
        {
            server.Requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(server, context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers with certificates, as EST does.</summary>
    public static Task SendAsync(HttpContext context, params IEnumerable<byte[]> certificates)
    {
        context.Response.ContentType = "application/pkcs7-mime; smime-type=certs-only";
        return context.Response.WriteAsync(Convert.ToBase64String(CertsOnly.Encode(certificates.Select(der => (ReadOnlyMemory<byte>)der))) + "\n");
    }

    public Task SendCaAsync(HttpContext context)
    {
        using var ca = Ca();
        return SendAsync(context, ca.RawData);
    }

    /// <summary>Signs what a request asks for, names and all.</summary>
    public async Task<byte[]> IssueAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = CertificateRequest.LoadSigningRequest(
            Convert.FromBase64String(await reader.ReadToEndAsync()), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        using var ca = Ca();
        var now = TimeProvider.System.GetUtcNow();
        using var key = ca.GetECDsaPrivateKey()!;
        using var issued = request.Create(
            ca.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now.AddMinutes(-1), now.AddDays(1), [1, 2, 3]);
        return issued.RawData;
    }

    public X509Certificate2 Ca() => X509Certificate2.CreateFromPemFile(CaFile, Path.Combine(Workspace.Folder, "ca-key.pem"));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
