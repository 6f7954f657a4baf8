using System.Net;

namespace Kipuka.Conformance;

/// <summary>The book's "Metrics": what is counted, and how it is read.</summary>
public sealed class Metrics(EstServer server) : IClassFixture<EstServer>
{
    private KipukaServer Kipuka => server.Kipuka;

    [Fact]
    public async Task The_eight_of_the_book_count_what_happens()
    {
        var before = await ReadAsync();
        var password = await Kipuka.CreatePasswordAsync();
        using var csr = new Csr("CN=counted");
        using var unknown = new Csr("CN=uncounted");
        using var again = new Csr("CN=renewed");
        using var another = new Csr("CN=other");
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.EnrollAsync(csr, password)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.EnrollAsync(unknown, "nobody-knows-this-one")).Status);
        using var device = await Kipuka.EnrollDeviceAsync("CN=renewed");
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.EnrollAsync(again, certificate: device, path: "simplereenroll")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Kipuka.EnrollAsync(another, certificate: device, path: "simplereenroll")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, $"certs/{device.SerialNumber}/revoke", new { reason = "superseded" })).Status);

        var after = await ReadAsync();
        double Grown(string name, params string[] labels) => after.Sum(name, labels) - before.Sum(name, labels);
        Assert.Equal(2, Grown("kipuka_enrollments_total", "ca=\"default\"", "result=\"issued\""));
        Assert.Equal(1, Grown("kipuka_reenrollments_total", "ca=\"default\"", "result=\"issued\""));
        Assert.Equal(2, Grown("kipuka_reenrollments_total", "ca=\"default\""));
        Assert.Equal(1, Grown("kipuka_revocations_total", "ca=\"default\"", "reason=\"superseded\""));
        Assert.Equal(2, Grown("kipuka_otp_generated_total", "instance=\"auth:otp\""));
        Assert.Equal(2, Grown("kipuka_otp_consumed_total", "instance=\"auth:otp\""));
        Assert.Equal(2, Grown("kipuka_request_duration_seconds_count", "endpoint=\"simpleenroll\"", "status=\"Ok\""));
        Assert.Equal(1, Grown("kipuka_request_duration_seconds_count", "endpoint=\"simpleenroll\"", "status=\"Unauthenticated\""));
        Assert.Equal(1, after.Sum("kipuka_ca_health", "ca=\"default\""));
        Assert.True(after.Sum("kipuka_active_certificates", "ca=\"default\"") >= 0);
        Assert.Contains("kipuka_active_certificates", after.Types.Keys);
    }

    [Fact]
    public async Task Every_step_every_instance_the_store_and_the_listeners_are_measured()
    {
        using var csr = new Csr("CN=measured");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
        var samples = await ReadAsync();
        foreach (var step in "read turn ledger policy open sign close".Split(' '))
        {
            Assert.True(samples.Sum("kipuka_enroll_step_duration_seconds_count", $"step=\"{step}\"") >= 1, step);
        }
        Assert.True(samples.Sum("kipuka_plugin_call_duration_seconds_count", "instance=\"ca:default (file)\"", "call=\"issuing\"", "outcome=\"answered\"") >= 1);
        Assert.True(samples.Sum("kipuka_plugin_call_duration_seconds_count", "instance=\"auth:otp") >= 1);
        Assert.True(samples.Sum("kipuka_store_duration_seconds_count", "access=\"write\"", "outcome=\"done\"") >= 3);
        Assert.True(samples.Sum("kipuka_store_commit_writes_count") >= 3);
        Assert.True(samples.Sum("kipuka_plugin_instance_up", "instance=\"transport:https\"") >= 1);
        Assert.Equal(1, samples.Sum("kipuka_ca_state", "ca=\"default\"", "state=\"healthy\""));
        Assert.True(samples.Sum("kestrel_tls_handshake_duration_seconds_count", $"server_port=\"{Kipuka.Port}\"") >= 1);
        Assert.True(samples.Sum("kestrel_active_connections", $"server_port=\"{Kipuka.AdminPort}\"") >= 1);
        Assert.True(samples.Sum("kipuka_admin_request_duration_seconds_count", "route=\"/admin/metrics\"") >= 0);
    }

    [Fact]
    public async Task What_nobody_has_configured_makes_no_series_of_its_own()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Kipuka.SendAsync(HttpMethod.Get, "no-such-label/cacerts", null, null, null)).Status);
        await Kipuka.AdminAsync(HttpMethod.Get, "no-such-path");
        var (_, _, text) = await Kipuka.AdminAsync(HttpMethod.Get, "metrics");
        Assert.DoesNotContain("no-such", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_for_operators()
        => Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.AdminAsync(HttpMethod.Get, "metrics", token: "none-that-is-known-here-0123456789")).Status);

    private async Task<PrometheusSamples> ReadAsync()
    {
        var (status, _, text) = await Kipuka.AdminAsync(HttpMethod.Get, "metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        return new PrometheusSamples(text);
    }
}
