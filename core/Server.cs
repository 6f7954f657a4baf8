using System.Runtime.InteropServices;
using Kipuka.Admin;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Cli;
using Kipuka.Config;
using Kipuka.Enroll;
using Kipuka.Store;
using Kipuka.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kipuka;

/// <summary>The life of the server process: load, open, serve, drain.</summary>
internal sealed class Server(TimeProvider clock, ConfigLoader loader) : IServer
{
    public async Task<int> RunAsync(ServerOptions options, Func<CancellationToken, Task>? ready, CancellationToken stop)
    {
        // 1. Everything that is wrong with the configuration, at once; nothing has been started then.
        var loaded = loader.Load(options.ConfigFile);
        if (loaded.Core is null || loaded.Problems.HasErrors)
        {
            loaded.Dispose();
            ProblemList.Write(Console.Error, loaded.Problems.All);
            return ExitCode.BadUsage;
        }
        using var loggers = CreateLog(options.JsonLog);
        var log = loggers.CreateLogger<Server>();
        foreach (var warning in loaded.Problems.All)
        {
            log.LogWarning("{Problem}", warning.Text);
        }
        try
        {
            // 2. The ledger, before anything that needs it.
            await using var database = await OpenAsync(loaded.Core, loggers, stop);
            await using var services = ServerServices.Compose(options.ConfigFile, loaded.Core, database, loader, loggers, clock);
            // 3. The first generation, its ports, and then everybody may know.
            return await ServeAsync(services, loaded, ready, log, stop);
        }
        catch (Exception fault) when (fault is DatabaseException or GenerationException)
        {
            log.LogCritical("Kipuka cannot start: {Reason}", fault.Message);
            // What a supervisor may start again, and what it must not.
            return fault is GenerationException { IsForGood: true } ? ExitCode.BadUsage : ExitCode.Failed;
        }
    }

    private static async Task<int> ServeAsync(
        ServiceProvider services, LoadedConfig loaded, Func<CancellationToken, Task>? ready, ILogger log, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // What is counted is counted from the first request on, whether or not anybody looks.
        services.GetRequiredService<Export>();
        services.GetRequiredService<Gauges>();
        var reloader = services.GetRequiredService<Reloader>();
        var trail = services.GetRequiredService<Trail>();
        using var term = Handle(PosixSignal.SIGTERM, ending.Cancel);
        using var interrupt = Handle(PosixSignal.SIGINT, ending.Cancel);
        using var hangup = Handle(PosixSignal.SIGHUP, () => _ = ReloadAsync(reloader, log, ending.Token));
        services.GetRequiredService<ExpiryTrail>();
        var notifier = services.GetRequiredService<RevocationNotifier>();
        var anchors = services.GetRequiredService<Anchors>();
        var version = new Dictionary<string, string> { ["version"] = Build.Version };
        await trail.WriteAsync([Trail.Record("server.startup", true, null, version)], ending.Token);
        try
        {
            await reloader.ServeAsync(loaded, ending.Token);
            await anchors.MakeAsync(ending.Token);
            log.LogInformation("Kipuka is ready, version {Version}, process {Process}", Build.Version, Environment.ProcessId);
            if (ready is not null)
            {
                await ready(ending.Token);
            }
            await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        }
        finally
        {
            // 4. Nobody new, the rest to its end, everything written.
            log.LogInformation("Kipuka stops");
            await notifier.DisposeAsync();
            await reloader.StopAsync();
            await trail.WriteAsync([Trail.Record("server.shutdown", true, null, version)], CancellationToken.None);
            await anchors.MakeAsync(CancellationToken.None);
        }
    }

    private Task<Database> OpenAsync(KipukaConfig config, ILoggerFactory loggers, CancellationToken cancel) => Database.OpenAsync(
        DatabasePlace.Of(config.Db, config.Db.Database!, config.Server.Node), clock, loggers.CreateLogger<Database>(), cancel);

    private static ILoggerFactory CreateLog(bool json)
    {
        try
        {
            return Logs.Create(json, Environment.GetEnvironmentVariable("KIPUKA_LOG"));
        }
        catch (ArgumentException unknown)
        {
            throw CliException.Usage(unknown.Message);
        }
    }

    private static PosixSignalRegistration Handle(PosixSignal signal, Action act) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    });

    private static async Task ReloadAsync(Reloader reloader, ILogger log, CancellationToken cancel)
    {
        try
        {
            await reloader.ReloadAsync(cancel);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "The reload failed: {Reason}", fault.Message);
        }
    }
}
