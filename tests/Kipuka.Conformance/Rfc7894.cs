using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 7894: a one-time password and the link to the connection have attributes of their own, so a request can carry both.</summary>
public sealed class Rfc7894(LabelServer server) : IClassFixture<LabelServer>
{
    private const string OtpChallenge = "1.2.840.113549.1.9.16.2.56";
    private const string RevocationChallenge = "1.2.840.113549.1.9.16.2.57";
    private const string EstIdentityLinking = "1.2.840.113549.1.9.16.2.58";

    [Fact]
    [Requirement("RFC 7894", "3.3", Level.Must, "An estIdentityLinking is the binding of this connection, or the request is refused.")]
    public async Task Section_3_3_an_estIdentityLinking_is_the_value_of_this_connection_or_the_request_is_400()
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12);
        await using var other = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12);
        using var own = new Csr("CN=linked", change: RawCsr.Text(EstIdentityLinking, ChannelBinding.Unique(wire)));
        using var foreign = new Csr("CN=linked", change: RawCsr.Text(EstIdentityLinking, ChannelBinding.Unique(other)));
        using var nonsense = new Csr("CN=linked", change: RawCsr.Text(EstIdentityLinking, "not a binding"));
        Assert.Equal(400, (await wire.AskAsync(KeepAlive(foreign))).Status);
        Assert.Equal(400, (await wire.AskAsync(KeepAlive(nonsense))).Status);
        Assert.Equal(200, (await wire.AskAsync(KeepAlive(own))).Status);
    }

    [Fact]
    [Requirement("RFC 7894", "3", Level.Must, "Password, link and challenge stand in attributes of their own and do not disturb each other.")]
    public async Task Section_3_a_request_carries_password_link_and_challenge_at_once()
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12);
        using var csr = new Csr("CN=all-three", change: request =>
        {
            RawCsr.Text(EstIdentityLinking, ChannelBinding.Unique(wire))(request);
            RawCsr.Text(OtpChallenge, server.Password)(request);
            RawCsr.Challenge("for a revocation some day")(request);
            RawCsr.Text(RevocationChallenge, "another one")(request);
        });
        var answer = await wire.AskAsync(KeepAlive(csr));
        Assert.True(answer.Status == 200, answer.ToString());
    }

    [Fact]
    [Requirement("RFC 7894", "3.1", Level.Must, "An otpChallenge is checked as a one-time password.")]
    public async Task Section_3_1_an_otpChallenge_beside_a_certificate_is_judged_and_spent()
    {
        using var device = server.Bootstrap.Issue("CN=otp-inside", ["otp-inside.example"]);
        var password = await server.Kipuka.CreatePasswordAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(device, "CN=otp-inside", "no such password at all"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(device, "CN=otp-inside", password));
        // Its one use is gone.
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(device, "CN=otp-inside", password));
    }

    [Fact]
    [Requirement("RFC 7894", "3.1", Level.Must, "An otpChallenge is checked as a one-time password.")]
    public async Task Section_3_1_an_otpChallenge_is_the_password_that_authenticated_the_request_or_it_is_403()
    {
        var (used, other) = (await server.Kipuka.CreatePasswordAsync(), await server.Kipuka.CreatePasswordAsync());
        using var mixed = new Csr("CN=two-passwords", change: RawCsr.Text(OtpChallenge, other));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(mixed, used)).Status);
        using var same = new Csr("CN=two-passwords", change: RawCsr.Text(OtpChallenge, used));
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(same, used)).Status);
        // The other one was judged and is whole.
        using var third = new Csr("CN=two-passwords");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(third, other)).Status);
    }

    [Fact]
    [Requirement("RFC 7894", "3", Level.Must, "A value has 1 to 255 characters.")]
    public async Task Section_3_a_value_is_1_to_255_characters()
    {
        using var empty = new Csr("CN=length", change: RawCsr.Text(RevocationChallenge, ""));
        using var whole = new Csr("CN=length", change: RawCsr.Text(OtpChallenge, new string('x', 256)));
        using var fits = new Csr("CN=length", change: RawCsr.Challenge(new string('x', 255)));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(empty)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(whole)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(fits)).Status);
    }

    private async Task<HttpStatusCode> AskAsync(X509Certificate2 device, string subject, string password)
    {
        using var csr = new Csr(subject, ["otp-inside.example"], change: RawCsr.Text(OtpChallenge, password));
        return (await server.Kipuka.EnrollAsync(csr, null, device)).Status;
    }

    private string KeepAlive(Csr csr) => server.Post(csr).Replace("Connection: close\r\n", "", StringComparison.Ordinal);
}
