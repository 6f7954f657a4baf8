using System.Diagnostics;

namespace Kipuka.Sdk.Tck;

/// <summary>Runs named checks in order and gathers what they found.</summary>
internal sealed class Suite<TService>(string kind, TckSubject<TService> subject, TckOptions options)
    where TService : class, IAsyncDisposable
{
    private readonly List<(string Name, Func<Bench<TService>, Task> Check)> checks = [];
    private readonly Evidence evidence = new();

    public TckSubject<TService> Subject => subject;

    public TckOptions Options => options;

    public Evidence Evidence => evidence;

    public Suite<TService> Add(string name, Func<Bench<TService>, Task> check)
    {
        checks.Add((name, check));
        return this;
    }

    public async Task<TckReport> RunAsync(CancellationToken cancel)
    {
        foreach (var secret in subject.Secrets)
        {
            evidence.Hide(secret.Reveal());
        }
        foreach (var secret in options.Secrets)
        {
            evidence.Hide(secret);
        }
        List<TckCheck> done = [];
        foreach (var (name, check) in checks)
        {
            var begun = Stopwatch.GetTimestamp();
            var (outcome, reason) = done.Exists(earlier => earlier is { Name: CommonChecks.Start, Outcome: TckOutcome.Failed })
                ? (TckOutcome.NotApplicable, "The service does not start; mend that first.")
                : await RunAsync(check, cancel);
            done.Add(new TckCheck(name, outcome, evidence.Redact(reason), Stopwatch.GetElapsedTime(begun)));
        }
        return new TckReport(kind, subject.Name, done);
    }

    private async Task<(TckOutcome Outcome, string Reason)> RunAsync(Func<Bench<TService>, Task> check, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.CheckLimit);
        await using var bench = new Bench<TService>(subject, evidence, limit.Token);
        try
        {
            // On a thread of its own: a service that blocks must not hold up the suite.
            await Task.Run(() => check(bench), CancellationToken.None).WaitAsync(limit.Token);
            return (TckOutcome.Passed, "");
        }
        catch (CheckException found)
        {
            return (found.Outcome, found.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            cancel.ThrowIfCancellationRequested();
            return (TckOutcome.Failed, $"The service did not answer within {options.CheckLimit.TotalSeconds:0} s.");
        }
        catch (Exception fault)
        {
            return (TckOutcome.Failed, bench.Fault("The service threw what the contract does not know", fault).Message);
        }
    }
}
