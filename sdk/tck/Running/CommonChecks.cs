using System.Runtime.CompilerServices;

namespace Kipuka.Sdk.Tck;

/// <summary>What holds for the services of every contract.</summary>
internal static class CommonChecks
{
    public const string Start = "start";

    /// <summary>The time in which a cancelled call, or one of a disposed service, must end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public static Suite<TService> AddStart<TService>(this Suite<TService> suite)
        where TService : class, IAsyncDisposable
        => suite.Add("settings", CheckSettings).Add(Start, bench => bench.StartAsync()).Add("start-beside", StartBesideAsync);

    /// <param name="suite">The suite.</param>
    /// <param name="use">Uses the service once, lightly; it may fail.</param>
    public static Suite<TService> AddEnd<TService>(this Suite<TService> suite, Func<Bench<TService>, TService, TckHost, Task> use)
        where TService : class, IAsyncDisposable
        => suite
            .Add("dispose", DisposeTwiceAsync)
            .Add("unload", bench => UnloadAsync(bench, use, suite.Options.UnloadLimit))
            .Add("secrets", bench =>
            {
                var leaks = bench.Evidence.Leaks().Take(3).Select(text => bench.Evidence.Redact(text)).ToList();
                return leaks.Count == 0
                    ? Task.CompletedTask
                    : throw CheckException.Failed($"A secret of the settings can be read: {string.Join(" | ", leaks.Select(Short))}. Leave it out of what is logged, thrown and recorded.");
            });

    /// <summary>Cancels a call before it begins and while it runs; it must end in time, with an answer or with an exception that says so.</summary>
    public static async Task CancelAsync<TService>(
        Bench<TService> bench, string name, Func<CancellationToken, Task> call, Func<Exception, bool> mayThrow, string exceptions)
        where TService : class, IAsyncDisposable
    {
        foreach (var early in (bool[])[true, false])
        {
            using var source = new CancellationTokenSource();
            if (early)
            {
                await source.CancelAsync();
            }
            var running = Task.Run(() => call(source.Token), CancellationToken.None);
            await source.CancelAsync();
            var fault = await bench.ThrownByAsync(() => running.WaitAsync(Grace, CancellationToken.None));
            if (fault is TimeoutException && !running.IsCompleted)
            {
                throw CheckException.Failed($"{name} still ran {Grace.TotalSeconds:0} s after it was cancelled; hand the token on to everything it waits for.");
            }
            if (fault is not (null or OperationCanceledException) && !mayThrow(fault))
            {
                throw CheckException.Failed($"{name} threw {fault.GetType().Name} when it was cancelled ({fault.Message}); {exceptions}.");
            }
        }
    }

    /// <summary>A call of a disposed service must fail with an exception that says so, and must not wait.</summary>
    public static async Task FailsAfterDisposeAsync<TService>(
        Bench<TService> bench, string name, Func<Task> call, Func<Exception, bool>? mayThrow = null)
        where TService : class, IAsyncDisposable
    {
        var running = Task.Run(call, CancellationToken.None);
        var fault = await bench.ThrownByAsync(() => running.WaitAsync(Grace, CancellationToken.None));
        if (fault is TimeoutException && !running.IsCompleted)
        {
            throw CheckException.Failed($"{name} waits for ever after DisposeAsync; throw ObjectDisposedException.");
        }
        if (fault is null)
        {
            throw CheckException.Failed($"{name} still works after DisposeAsync; throw ObjectDisposedException.");
        }
        if (fault is not ObjectDisposedException && mayThrow?.Invoke(fault) is not true)
        {
            throw CheckException.Failed($"{name} threw {fault.GetType().Name} after DisposeAsync ({fault.Message}); throw ObjectDisposedException, which says what is wrong.");
        }
    }

    private static Task CheckSettings<TService>(Bench<TService> bench)
        where TService : class, IAsyncDisposable
    {
        var problems = bench.Subject.Check().ToList();
        problems.ForEach(problem => bench.Evidence.See("problem", problem));
        return problems.Find(problem => !problem.IsWarning) is { } error
            ? throw CheckException.Failed($"Check refuses the settings: {error.Key}: {error.Message} Mend them, or the check.")
            : Task.CompletedTask;
    }

    // A reload starts the new service while the old one still serves.
    private static async Task StartBesideAsync<TService>(Bench<TService> bench)
        where TService : class, IAsyncDisposable
    {
        var host = bench.Host();
        await bench.StartAsync(host);
        var fault = await bench.ThrownByAsync(() => bench.StartAsync(bench.Host(host)));
        if (fault is not null)
        {
            throw CheckException.Failed("A second service does not start while the first one runs, so no reload could change the settings. Take nothing exclusively.");
        }
    }

    private static async Task DisposeTwiceAsync<TService>(Bench<TService> bench)
        where TService : class, IAsyncDisposable
    {
        var service = await bench.StartAsync();
        await bench.StopAsync(service);
        var fault = await bench.ThrownByAsync(async () => await service.DisposeAsync());
        if (fault is not null)
        {
            throw CheckException.Failed($"The second DisposeAsync threw {fault.GetType().Name} ({fault.Message}); it must do nothing.");
        }
    }

    private static async Task UnloadAsync<TService>(Bench<TService> bench, Func<Bench<TService>, TService, TckHost, Task> use, TimeSpan limit)
        where TService : class, IAsyncDisposable
    {
        var context = await UseApartAsync(bench, use)
            ?? throw CheckException.NotApplicable("The code was not loaded from a file, so it cannot be loaded apart; run kipuka plugin verify on the published folder.");
        var begun = TimeProvider.System.GetTimestamp();
        while (context.IsAlive)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > limit)
            {
                throw CheckException.Failed(
                    $"The code was still loaded {limit.TotalSeconds:0} s after its service was disposed: something holds it. Look for a handler of a static event, a timer, "
                    + "a thread or task that still runs, a cache of another library, and System.Text.Json by reflection.");
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(10, bench.Cancel);
        }
    }

    // Apart, so that no variable of the loop above holds anything of the code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference?> UseApartAsync<TService>(Bench<TService> bench, Func<Bench<TService>, TService, TckHost, Task> use)
        where TService : class, IAsyncDisposable
    {
        if (bench.Subject.OpenContext() is not { } context)
        {
            return null;
        }
        await UseAsync(bench, context, use);
        return context.Unload();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseAsync<TService>(Bench<TService> bench, TckContext<TService> context, Func<Bench<TService>, TService, TckHost, Task> use)
        where TService : class, IAsyncDisposable
    {
        var host = bench.Host();
        var service = await context.StartAsync(host, bench.Cancel);
        // What goes wrong in the use or the stop is the affair of other checks.
        await bench.ThrownByAsync(() => use(bench, service, host));
        await bench.ThrownByAsync(async () => await service.DisposeAsync());
    }

    private static string Short(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");
}
