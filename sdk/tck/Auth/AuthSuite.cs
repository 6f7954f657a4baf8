using Kipuka.Sdk.Auth;

namespace Kipuka.Sdk.Tck;

/// <summary>The checks of the kind <c>auth</c>.</summary>
public static class AuthSuite
{
    /// <summary>Runs the suite over a plugin and its settings.</summary>
    public static Task<TckReport> RunAsync<TSettings>(
        Plugin<IAuthenticator, TSettings> plugin, TSettings settings, AuthOptions? options = null, CancellationToken cancel = default)
        where TSettings : class
        => RunAsync(TckSubject.Of(plugin, settings), options, cancel);

    /// <summary>Runs the suite over a subject.</summary>
    public static Task<TckReport> RunAsync(TckSubject<IAuthenticator> subject, AuthOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new AuthOptions();
        var refusals = new AuthRefusalChecks(options);
        var proofs = new AuthProofChecks(options);
        var oneTime = new OneTimeChecks(options);
        return new Suite<IAuthenticator>("auth", subject, options).AddStart()
            .Add("no-credential", AuthRefusalChecks.NoCredentialAsync)
            .Add("foreign-scheme", AuthRefusalChecks.ForeignSchemeAsync)
            .Add("garbage", refusals.GarbageAsync)
            .Add("garbage-certificates", AuthRefusalChecks.GarbageCertificatesAsync)
            .Add("accepts", proofs.AcceptsAsync)
            .Add("altered", proofs.AlteredAsync)
            .Add("identity", proofs.IdentityAsync)
            .Add("store-fault", proofs.StoreFaultAsync)
            .Add("concurrency", proofs.ConcurrencyAsync)
            .Add("cancel", proofs.CancelAsync)
            .Add("one-time-hold", oneTime.HoldAsync)
            .Add("one-time-exclusive", oneTime.ExclusiveAsync)
            .Add("one-time-race", oneTime.RaceAsync)
            .Add("one-time-release", oneTime.ReleaseAsync)
            .Add("one-time-spend", oneTime.SpendAsync)
            .Add("one-time-spend-again", oneTime.SpendAgainAsync)
            .Add("one-time-lapse", oneTime.LapseAsync)
            .Add("one-time-restart", oneTime.RestartAsync)
            .Add("after-dispose", AuthRefusalChecks.AfterDisposeAsync)
            .AddEnd((bench, service, host) => UseAsync(options, bench, service, host))
            .RunAsync(cancel);
    }

    private static async Task UseAsync(AuthOptions options, Bench<IAuthenticator> bench, IAuthenticator service, TckHost host)
    {
        await AuthCalls.AskAsync(bench, service, new TckPeer { Scheme = options.Schemes.FirstOrDefault("Basic"), Value = "YTpi"u8.ToArray() }, bench.Cancel);
        if (options.MakePeer is not null)
        {
            var peer = await options.MakePeer(new TckAuthNode(service, host), bench.Cancel);
            var accepted = await AuthCalls.AcceptAsync(bench, service, peer);
            await (accepted.Credential?.HoldAsync(Guid.NewGuid(), host.Time.GetUtcNow().AddMinutes(1), bench.Cancel) ?? default);
        }
    }
}
