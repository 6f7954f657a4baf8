using System.Net;
using System.Text;
using System.Text.Json;
using Kipuka.Plugins.AuthOtp;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>One running instance of auth-otp, on a node of its own.</summary>
internal sealed class Otp : IAsyncDisposable
{
    public static readonly Identity Operator = new("mtls", "op", "CN=operator");

    private Otp(FakeHost host, IAuthenticator service)
    {
        Host = host;
        Service = service;
    }

    public FakeHost Host { get; }

    public IAuthenticator Service { get; }

    // The fast hash, unless a test is about hashing.
    public static OtpSettings Settings => new() { Enabled = true, HashAlgorithm = "sha256-hmac", HashParallelism = 2 };

    public static async Task<Otp> StartAsync(OtpSettings? settings = null, ManualClock? clock = null, MemoryStore? store = null)
    {
        var host = new FakeHost(clock, store);
        return new Otp(host, await new OtpPlugin().StartAsync(settings ?? Settings, host, default));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Host.Dispose();
    }

    public ValueTask<AdminAnswer> RunAsync(string command, string? body = null, string? id = null)
    {
        var parameters = new Dictionary<string, string>();
        if (id is not null)
        {
            parameters["id"] = id;
        }
        return ((IAdminActions)Service).RunAsync(new AdminCall(command, Operator, parameters, body is null ? null : Json(body)), default);
    }

    public async Task<(string Id, string Text)> CreateAsync(string body = "{}")
    {
        var answer = await RunAsync("otp create", body);
        Assert.Equal(201, answer.Status);
        var json = answer.Body!.Value;
        return (json.GetProperty("id").GetString()!, json.GetProperty("token").GetString()!);
    }

    public ValueTask<AuthenticationResult> TryAsync(string password, string user = "", string? label = null, string address = "192.0.2.1")
        => SendAsync($"{user}:{password}", label, address);

    public ValueTask<AuthenticationResult> SendAsync(string plain, string? label = null, string address = "192.0.2.1", CancellationToken cancel = default)
        => RawAsync("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)), label, address, cancel);

    public async ValueTask<AuthenticationResult> RawAsync(
        string scheme, string value, string? label = null, string address = "192.0.2.1", CancellationToken cancel = default)
    {
        using var secret = Secret.FromText(value);
        var peer = new Peer(new IPEndPoint(IPAddress.Parse(address), 40000), []) { Credential = new Credential(scheme, secret) };
        return await Service.AuthenticateAsync(new AuthenticationRequest(EstOperation.SimpleEnroll, label, peer), cancel);
    }

    public async Task<IOneTimeCredential> CredentialAsync(string password)
        => Assert.IsType<AuthenticationResult.Accepted>(await TryAsync(password)).Credential!;

    /// <summary>The same selector with a secret that is wrong.</summary>
    public static string Wrong(string token) => token[..^1] + (token[^1] == 'x' ? 'y' : 'x');

    public static AuthenticationResult.Rejected Rejected(AuthenticationResult result)
    {
        var rejected = Assert.IsType<AuthenticationResult.Rejected>(result);
        Assert.Equal("Basic realm=\"est\"", rejected.Challenge);
        return rejected;
    }

    public static void Unauthenticated(AuthenticationResult result) => Assert.False(Rejected(result).Forbidden);

    public static TimeSpan LockedOut(AuthenticationResult result)
    {
        var rejected = Rejected(result);
        Assert.True(rejected.Forbidden, rejected.Reason);
        return rejected.RetryAfter!.Value;
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
