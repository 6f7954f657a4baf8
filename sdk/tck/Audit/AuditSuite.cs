using Kipuka.Sdk.Audit;

namespace Kipuka.Sdk.Tck;

/// <summary>The checks of the kind <c>audit</c>.</summary>
public static class AuditSuite
{
    /// <summary>Runs the suite over a plugin and its settings.</summary>
    public static Task<TckReport> RunAsync<TSettings>(
        Plugin<IAuditSink, TSettings> plugin, TSettings settings, AuditOptions? options = null, CancellationToken cancel = default)
        where TSettings : class
        => RunAsync(TckSubject.Of(plugin, settings), options, cancel);

    /// <summary>Runs the suite over a subject.</summary>
    public static Task<TckReport> RunAsync(TckSubject<IAuditSink> subject, AuditOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new AuditOptions();
        var checks = new AuditChecks(options);
        return new Suite<IAuditSink>("audit", subject, options).AddStart()
            .Add("sizes", AuditChecks.SizesAsync)
            .Add("missing-values", checks.MissingValuesAsync)
            .Add("unicode", checks.UnicodeAsync)
            .Add("complete", checks.CompleteAsync)
            .Add("order", checks.OrderAsync)
            .Add("again", AuditChecks.AgainAsync)
            .Add("two-instances", checks.TwoInstancesAsync)
            .Add("outage", checks.OutageAsync)
            .Add("cancel", AuditChecks.CancelAsync)
            .Add("probe", AuditChecks.ProbeAsync)
            .Add("after-dispose", AuditChecks.AfterDisposeAsync)
            .AddEnd((bench, sink, _) => sink.WriteAsync(Records.Batch(3), bench.Cancel).AsTask())
            .RunAsync(cancel);
    }
}
