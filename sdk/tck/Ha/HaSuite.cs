using Kipuka.Sdk.Ha;

namespace Kipuka.Sdk.Tck;

/// <summary>The checks of the kind <c>ha</c>.</summary>
public static class HaSuite
{
    /// <summary>Runs the suite over a plugin and its settings.</summary>
    public static Task<TckReport> RunAsync<TSettings>(
        Plugin<IHaStrategy, TSettings> plugin, TSettings settings, HaOptions? options = null, CancellationToken cancel = default)
        where TSettings : class
        => RunAsync(TckSubject.Of(plugin, settings), options, cancel);

    /// <summary>Runs the suite over a subject.</summary>
    public static Task<TckReport> RunAsync(TckSubject<IHaStrategy> subject, HaOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new HaOptions();
        var checks = new HaChecks(options);
        return new Suite<IHaStrategy>("ha", subject, options).AddStart()
            .Add("selection", checks.SelectionAsync)
            .Add("extremes", checks.ExtremesAsync)
            .Add("pure", checks.PureAsync)
            .Add("concurrency", checks.ConcurrencyAsync)
            .AddEnd(UseAsync)
            .RunAsync(cancel);
    }

    private static Task UseAsync(Bench<IHaStrategy> bench, IHaStrategy strategy, TckHost host)
    {
        foreach (var group in Groups.Usual())
        {
            strategy.Order(group, 1, new int[group.Length]);
        }
        return Task.CompletedTask;
    }
}
