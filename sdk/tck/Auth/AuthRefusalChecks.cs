using Kipuka.Sdk.Auth;

namespace Kipuka.Sdk.Tck;

/// <summary>What a method answers to peers that prove nothing.</summary>
internal sealed class AuthRefusalChecks(AuthOptions options)
{
    private const string ForeignScheme = "X-Conformance-Kit";

    public static async Task NoCredentialAsync(Bench<IAuthenticator> bench)
        => NotMine("A peer without any credential", await AuthCalls.AskAsync(bench, await bench.StartAsync(), new TckPeer(), bench.Cancel));

    public static async Task ForeignSchemeAsync(Bench<IAuthenticator> bench)
        => NotMine(
            $"The scheme {ForeignScheme}",
            await AuthCalls.AskAsync(bench, await bench.StartAsync(), new TckPeer { Scheme = ForeignScheme, Value = "YTpi"u8.ToArray() }, bench.Cancel));

    public async Task GarbageAsync(Bench<IAuthenticator> bench)
    {
        var service = await bench.StartAsync();
        foreach (var scheme in Garbage.Schemes.Union(options.Schemes))
        {
            foreach (var value in Garbage.Values())
            {
                var what = $"{scheme} with {value.Length} bytes of garbage ({Convert.ToHexStringLower(value.Span[..Math.Min(8, value.Length)])}…)";
                await JudgeAsync(bench, service, what, new TckPeer { Scheme = scheme, Value = value });
            }
        }
    }

    public static async Task GarbageCertificatesAsync(Bench<IAuthenticator> bench)
    {
        var service = await bench.StartAsync();
        foreach (var certificates in Garbage.Certificates())
        {
            await JudgeAsync(bench, service, $"{certificates.Count} client certificate(s) of garbage, {certificates[0].Length} bytes each,", new TckPeer { Certificates = certificates });
        }
    }

    public static async Task AfterDisposeAsync(Bench<IAuthenticator> bench)
    {
        var service = await bench.StartAsync();
        await bench.StopAsync(service);
        await CommonChecks.FailsAfterDisposeAsync(bench, "AuthenticateAsync", () => AuthCalls.AskAsync(bench, service, new TckPeer(), bench.Cancel));
    }

    private static void NotMine(string what, AuthenticationResult? result)
    {
        // A method that must be satisfied by everybody, as its settings may say, ends the chain.
        if (result is not (AuthenticationResult.NotMine or AuthenticationResult.Rejected { Forbidden: true }))
        {
            throw CheckException.Failed($"{what} was answered {AuthCalls.Word(result)}. What this method does not read is NotMine, so that the next method is asked.");
        }
    }

    private static async Task JudgeAsync(Bench<IAuthenticator> bench, IAuthenticator service, string what, TckPeer peer)
    {
        AuthenticationResult? result;
        try
        {
            result = await AuthCalls.AskAsync(bench, service, peer, bench.Cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
        {
            throw bench.Fault($"{what} made AuthenticateAsync throw; what a client sends is answered NotMine or Rejected, or the client would see 503. It was", fault);
        }
        if (result is null or AuthenticationResult.Accepted)
        {
            throw CheckException.Failed($"{what} was answered {AuthCalls.Word(result)}.");
        }
    }
}
