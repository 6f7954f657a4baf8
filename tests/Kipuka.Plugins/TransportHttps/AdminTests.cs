using System.Net;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Ruling 2: the admin application has its own listener, or shares EST's under conditions.</summary>
public sealed class AdminTests
{
    private static readonly IPAddress AdminAddress = IPAddress.Parse("127.0.0.9");

    [Theory]
    [InlineData("/admin", 200)]
    [InlineData("/admin/certs/0a:0b?page=2", 200)]
    [InlineData("/console/", 200)]
    [InlineData("/health/ca", 200)]
    [InlineData("/administrator", 404)]
    [InlineData("/health", 404)]
    [InlineData("/admin/../admin/otp", 404)]
    [InlineData("/admin//otp", 404)]
    [InlineData("/admin/a%2Fb", 404)]
    [InlineData("/.well-known/est/cacerts", 404)]
    public async Task The_admin_listener_carries_the_admin_application_and_nothing_else(string target, int status)
    {
        await using var server = await TestServer.StartAsync(prepare: server => server.Services.Admin = EchoAsync);
        await using var client = await RawClient.ConnectAsync(new(AdminAddress, server.AdminPort));

        var answer = await client.AskAsync($"GET {target} HTTP/1.1");

        Assert.Equal(status, answer.Status);
        Assert.Equal(target.EndsWith("cacerts", StringComparison.Ordinal) ? 200 : 404, (await server.AskAsync($"GET {target} HTTP/1.1")).Status);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(null, false)]
    public async Task Without_an_admin_application_its_port_stays_shut(bool? enabled, bool exists)
    {
        await using var server = await TestServer.StartAsync(
            settings => settings with { AdminEnabled = enabled }, server => server.Services.Admin = exists ? EchoAsync : null);

        Assert.Equal([server.Settings.Listen], server.Services.Bound.Keys);
        Assert.Equal(404, (await server.AskAsync("GET /admin HTTP/1.1")).Status);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Admin_clients_are_asked_for_a_certificate_when_there_are_anchors_to_judge_it_by(bool anchors, int certificates)
    {
        Peer? seen = null;
        await using var server = await TestServer.StartAsync(
            settings => settings with { AdminTrustAnchors = anchors ? [TestCertificates.CertFile(TestCertificates.Root)] : null },
            server => server.Services.Admin = context =>
            {
                seen = context.Features.Get<Peer>();
                return EchoAsync(context);
            });
        await using var client = await RawClient.ConnectAsync(
            new(AdminAddress, server.AdminPort), options => options.ClientCertificates = [TestCertificates.Client]);

        Assert.Equal(200, (await client.AskAsync("GET /admin HTTP/1.1")).Status);
        Assert.Equal(certificates, seen!.Certificates.Count);
    }

    [Fact]
    public async Task The_admin_listener_can_have_a_certificate_of_its_own()
    {
        using var certificate = TestCertificates.MakeServer();
        await using var server = await TestServer.StartAsync(
            settings => settings with
            {
                AdminCert = TestCertificates.CertFile(certificate, TestCertificates.Intermediate),
                AdminKey = TestCertificates.KeyFile(certificate),
            },
            server => server.Services.Admin = EchoAsync);

        await using var admin = await RawClient.ConnectAsync(new(AdminAddress, server.AdminPort));
        await using var est = await server.ConnectAsync();

        Assert.Equal(certificate.Thumbprint, admin.Tls.RemoteCertificate!.GetCertHashString());
        Assert.Equal(TestCertificates.Server.Thumbprint, est.Tls.RemoteCertificate!.GetCertHashString());
    }

    [Fact]
    public async Task A_shared_listener_answers_admin_only_at_the_admin_address()
    {
        var port = FreePort();
        await using var server = await TestServer.StartAsync(
            settings => settings with { Listen = new(IPAddress.Any, port), AdminListen = new(AdminAddress, port) },
            server => server.Services.Admin = EchoAsync);

        await using var atAdmin = await RawClient.ConnectAsync(new(AdminAddress, port));
        await using var elsewhere = await RawClient.ConnectAsync(new(IPAddress.Parse("127.0.0.8"), port));

        Assert.Equal(200, (await atAdmin.AskAsync("GET /admin/ca HTTP/1.1")).Status);
        Assert.Equal(200, (await atAdmin.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
        Assert.Equal(404, (await elsewhere.AskAsync("GET /admin/ca HTTP/1.1")).Status);
        Assert.Equal(200, (await elsewhere.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
        Assert.Contains(server.Host.Logged, line => line.StartsWith("Warning: server.listen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failing_admin_application_is_500_without_details()
    {
        await using var server = await TestServer.StartAsync(prepare: server => server.Services.Admin = _ => throw new InvalidOperationException("inside"));
        await using var client = await RawClient.ConnectAsync(new(AdminAddress, server.AdminPort));

        var answer = await client.AskAsync("GET /admin HTTP/1.1");

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("inside", answer.Text, StringComparison.Ordinal);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentLength = 2;
        await context.Response.WriteAsync("ok");
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Any, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
