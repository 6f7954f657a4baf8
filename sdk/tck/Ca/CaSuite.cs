using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>The checks of the kind <c>ca</c>.</summary>
public static class CaSuite
{
    /// <summary>Runs the suite over a plugin and its settings.</summary>
    public static Task<TckReport> RunAsync<TSettings>(
        Plugin<ICertificateAuthority, TSettings> plugin, TSettings settings, CaOptions? options = null, CancellationToken cancel = default)
        where TSettings : class
        => RunAsync(TckSubject.Of(plugin, settings), options, cancel);

    /// <summary>Runs the suite over a subject.</summary>
    public static Task<TckReport> RunAsync(TckSubject<ICertificateAuthority> subject, CaOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new CaOptions();
        var samples = new CaSamples();
        var service = new CaServiceChecks(options, samples);
        var revocation = new CaRevocationChecks(options);
        var suite = new Suite<ICertificateAuthority>("ca", subject, options).AddStart()
            .Add("certificates", bench => CaChainChecks.CertificatesAsync(bench, samples))
            .Add("issues", bench => IssueAsync(bench, options, samples));
        foreach (var (name, differs) in Aspects.All)
        {
            suite.Add(name, _ => samples.CheckAsync(name, differs));
        }
        return suite
            .Add("chain", bench => CaChainChecks.ChainAsync(bench, samples))
            .Add("concurrency", service.ConcurrencyAsync)
            .Add("same-transaction", service.SameTransactionAsync)
            .Add("cancel", CaServiceChecks.CancelAsync)
            .Add("refusal", service.RefusalAsync)
            .Add("outage", service.OutageAsync)
            .Add("pending", CaServiceChecks.PendingAsync)
            .Add("probe", CaServiceChecks.ProbeAsync)
            .Add("probe-makes-nothing", service.ProbeMakesNothingAsync)
            .Add("random", CaMaterialChecks.RandomAsync)
            .Add("key-generation", CaMaterialChecks.KeyGenerationAsync)
            .Add("revocation", revocation.RevocationAsync)
            .Add("after-dispose", CaServiceChecks.AfterDisposeAsync)
            .AddEnd(UseAsync)
            .RunAsync(cancel);
    }

    private static async Task IssueAsync(Bench<ICertificateAuthority> bench, CaOptions options, CaSamples samples)
    {
        var authority = await bench.StartAsync();
        samples.Issuer ??= (await authority.GetCertificatesAsync(bench.Cancel)).Issuer;
        foreach (var (what, draft) in await new Drafts(samples.Issuer).SamplesAsync())
        {
            var mayRefuse = options.MayRefuseKeys.Contains(what);
            if (await CaCalls.TryIssueAsync(bench, authority, what, draft, options, mayRefuse) is { } certificate)
            {
                samples.Add(what, draft, certificate);
            }
        }
    }

    private static async Task UseAsync(Bench<ICertificateAuthority> bench, ICertificateAuthority authority, TckHost host)
    {
        var cancel = bench.Cancel;
        var certificates = await authority.GetCertificatesAsync(cancel);
        var draft = new Drafts(certificates.Issuer).Next();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => authority.IssueAsync(draft with { Transaction = Guid.NewGuid() }, cancel).AsTask()));
        if (authority is IHealthProbe probe)
        {
            await probe.ProbeAsync(cancel);
        }
    }
}
