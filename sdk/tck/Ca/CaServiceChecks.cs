using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>How a CA behaves beside what stands in its certificates.</summary>
internal sealed class CaServiceChecks(CaOptions options, CaSamples samples)
{
    private const int Parallel = 64;

    public async Task ConcurrencyAsync(Bench<ICertificateAuthority> bench)
    {
        var (authority, drafts) = await StartAsync(bench);
        var asked = Enumerable.Range(0, Parallel).Select(_ => drafts.Next()).ToList();
        var answers = await Task.WhenAll(asked.Select((draft, index) => Task.Run(
            () => CaCalls.IssueAsync(bench, authority, $"certificate {index + 1} of {Parallel} at the same time", draft, options))));
        foreach (var (draft, certificate) in asked.Zip(answers))
        {
            if (samples.FindDifference(draft, certificate) is { } difference)
            {
                throw CheckException.Failed($"Of {Parallel} certificates asked for at the same time one is wrong: {difference}. Members are called concurrently; share nothing unguarded.");
            }
        }
        if (answers.DistinctBy(certificate => Convert.ToHexString(certificate.Raw.Span)).Count() != Parallel)
        {
            throw CheckException.Failed($"Of {Parallel} certificates asked for at the same time two are the same.");
        }
    }

    public async Task SameTransactionAsync(Bench<ICertificateAuthority> bench)
    {
        var (authority, drafts) = await StartAsync(bench);
        var draft = drafts.Next();
        var first = await CaCalls.IssueAsync(bench, authority, "a certificate", draft, options);
        var second = await CaCalls.IssueAsync(bench, authority, "the certificate of the same transaction again", draft, options);
        if (!first.ToBeSigned.Span.SequenceEqual(second.ToBeSigned.Span))
        {
            throw CheckException.Failed("The same transaction twice gave two different certificates. After a crash the host asks again and must get what it may have got before.");
        }
    }

    public static async Task CancelAsync(Bench<ICertificateAuthority> bench)
    {
        var (authority, drafts) = await StartAsync(bench);
        await CommonChecks.CancelAsync(
            bench, "IssueAsync", cancel => authority.IssueAsync(drafts.Next(), cancel).AsTask(), fault => fault is AuthorityUnavailableException,
            "throw OperationCanceledException when nothing was issued, and AuthorityUnavailableException when that is not certain");
        await CommonChecks.CancelAsync(
            bench, "GetCertificatesAsync", cancel => authority.GetCertificatesAsync(cancel).AsTask(), fault => fault is AuthorityUnavailableException,
            "throw OperationCanceledException");
    }

    public async Task RefusalAsync(Bench<ICertificateAuthority> bench)
    {
        var change = options.MakeRefused ?? throw CheckException.NotApplicable("No draft is known that this CA refuses; give MakeRefused in the options.");
        var (authority, drafts) = await StartAsync(bench);
        IssueResult result;
        try
        {
            result = await authority.IssueAsync(change(drafts.Next()), bench.Cancel);
        }
        catch (Exception fault)
        {
            throw bench.Fault("A refusal is an answer, Refused, not an exception; IssueAsync threw", fault);
        }
        if (result is not IssueResult.Refused refused)
        {
            throw CheckException.Failed($"The draft of MakeRefused was not refused but answered {result?.GetType().Name}.");
        }
        bench.Evidence.See("refusal", refused.Detail);
        if (string.IsNullOrWhiteSpace(refused.Detail) || refused.Detail.Any(char.IsControl))
        {
            throw CheckException.Failed("The detail of a refusal must be one line that tells the client why.");
        }
    }

    public async Task OutageAsync(Bench<ICertificateAuthority> bench)
    {
        var outage = options.Outage ?? throw CheckException.NotApplicable("No way to cause an outage is known; give Outage in the options.");
        var (authority, drafts) = await StartAsync(bench);
        Exception? fault;
        await outage.Begin(bench.Cancel);
        try
        {
            fault = await bench.ThrownByAsync(() => authority.IssueAsync(drafts.Next(), bench.Cancel).AsTask());
        }
        finally
        {
            await outage.End(bench.Cancel);
        }
        if (fault is not AuthorityUnavailableException unavailable)
        {
            throw CheckException.Failed(fault is null
                ? "IssueAsync answered during the outage; throw AuthorityUnavailableException when there is no answer of the authority."
                : $"During the outage IssueAsync threw {fault.GetType().Name} ({fault.Message}); throw AuthorityUnavailableException, which says whether a certificate may exist.");
        }
        if (unavailable.MayHaveIssued != options.OutageMayHaveIssued)
        {
            throw CheckException.Failed(unavailable.MayHaveIssued
                ? "During the outage mayHaveIssued is true, although nothing can have been issued: no other member of a group would ever be asked."
                : "During the outage mayHaveIssued is false, although a certificate may exist: the next member of a group would make a second one.");
        }
        await CaCalls.IssueAsync(bench, authority, "a certificate after the outage", drafts.Next(), options);
    }

    public static async Task PendingAsync(Bench<ICertificateAuthority> bench)
    {
        var (authority, _) = await StartAsync(bench);
        var pending = authority as IPendingIssuance ?? throw CheckException.NotApplicable("The service has no IPendingIssuance.");
        var fault = await bench.ThrownByAsync(() => pending.AbandonAsync($"tck-{Guid.NewGuid():N}", "conformance kit", bench.Cancel).AsTask());
        if (fault is not null)
        {
            throw CheckException.Failed($"AbandonAsync of a ticket that nobody knows threw {fault.GetType().Name} ({fault.Message}); it is no error.");
        }
    }

    public static async Task ProbeAsync(Bench<ICertificateAuthority> bench)
    {
        var probe = await ProbeOfAsync(bench);
        if (await bench.ThrownByAsync(() => probe.ProbeAsync(bench.Cancel).AsTask()) is { } fault)
        {
            throw CheckException.Failed($"ProbeAsync threw {fault.GetType().Name} ({fault.Message}), although the CA issues.");
        }
        await CommonChecks.CancelAsync(
            bench, "ProbeAsync", cancel => probe.ProbeAsync(cancel).AsTask(), fault => fault is AuthorityUnavailableException, "throw OperationCanceledException");
    }

    public async Task ProbeMakesNothingAsync(Bench<ICertificateAuthority> bench)
    {
        var probe = await ProbeOfAsync(bench);
        var count = options.CountIssued ?? throw CheckException.NotApplicable("Nobody counts what this CA has made; give CountIssued in the options.");
        var before = await count(bench.Cancel);
        if (await bench.ThrownByAsync(() => probe.ProbeAsync(bench.Cancel).AsTask()) is not null)
        {
            throw CheckException.NotApplicable("ProbeAsync throws; mend that first.");
        }
        var made = await count(bench.Cancel) - before;
        if (made != 0)
        {
            throw CheckException.Failed($"ProbeAsync made {made} certificate(s). It runs every few seconds and must make none: sign a blob that is no certificate.");
        }
    }

    public static async Task AfterDisposeAsync(Bench<ICertificateAuthority> bench)
    {
        var (authority, drafts) = await StartAsync(bench);
        await bench.StopAsync(authority);
        await CommonChecks.FailsAfterDisposeAsync(
            bench, "IssueAsync", () => authority.IssueAsync(drafts.Next(), bench.Cancel).AsTask(), fault => fault is AuthorityUnavailableException { MayHaveIssued: false });
        if (authority is IHealthProbe probe)
        {
            await CommonChecks.FailsAfterDisposeAsync(bench, "ProbeAsync", () => probe.ProbeAsync(bench.Cancel).AsTask(), fault => fault is AuthorityUnavailableException);
        }
    }

    private static async Task<IHealthProbe> ProbeOfAsync(Bench<ICertificateAuthority> bench)
        => await bench.StartAsync() as IHealthProbe ?? throw CheckException.NotApplicable("The service has no IHealthProbe; the host fetches its certificates instead.");

    private static async Task<(ICertificateAuthority Authority, Drafts Drafts)> StartAsync(Bench<ICertificateAuthority> bench)
    {
        var authority = await bench.StartAsync();
        return (authority, new Drafts((await authority.GetCertificatesAsync(bench.Cancel)).Issuer));
    }
}
