using System.Security.Authentication;
using Kipuka.Config;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>Makes every generation: at the start and at each reload. What did not change is carried over with all it holds open.</summary>
internal sealed class GenerationBuilder(PluginServices services, IEnumerable<IGenerationPart> parts, ILogger<GenerationBuilder> logger)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>Starts what is new, carries over what is not, and lets the upper rooms derive their parts.</summary>
    /// <param name="loaded">The document; its plans belong to the builder from here on.</param>
    /// <param name="previous">The serving generation, which stays untouched whatever happens; null at the start.</param>
    /// <param name="cancel">The server stops.</param>
    /// <exception cref="GenerationException">Something is wrong with the document or did not start; what was started anew has been stopped.</exception>
    public async Task<Generation> BuildAsync(LoadedConfig loaded, Generation? previous, CancellationToken cancel)
    {
        if (loaded.Core is null || loaded.Problems.HasErrors)
        {
            loaded.Dispose();
            throw new GenerationException(loaded.Problems.All);
        }
        var instances = await StartAllAsync(loaded.Core, loaded.TakePlans(), previous, cancel);
        var generation = new Generation((previous?.Number ?? 0) + 1, loaded.Core, instances);
        try
        {
            foreach (var part in parts)
            {
                await part.BuildAsync(generation, cancel);
            }
            generation.Seal();
            return generation;
        }
        catch
        {
            await generation.DisposeAsync();
            throw;
        }
    }

    private async Task<IReadOnlyList<Instance>> StartAllAsync(
        KipukaConfig core, IReadOnlyList<InstancePlan> plans, Generation? previous, CancellationToken cancel)
    {
        // All at once: an operator sees everything that does not start, and a slow HSM delays nobody.
        var outcomes = await Task.WhenAll(plans.Select(plan => ObtainAsync(plan, previous, cancel)));
        var faults = outcomes.Select(outcome => outcome.Problem).OfType<ConfigProblem>().ToList();
        List<Instance> instances = [.. outcomes.Select(outcome => outcome.Instance).OfType<Instance>()];
        if (faults.Count == 0 && !cancel.IsCancellationRequested)
        {
            return instances;
        }
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
        core.Dispose();
        cancel.ThrowIfCancellationRequested();
        throw new GenerationException(faults);
    }

    private async Task<(Instance? Instance, ConfigProblem? Problem)> ObtainAsync(InstancePlan plan, Generation? previous, CancellationToken cancel)
    {
        if (previous?.Find(plan.Id) is { } running && running.Fits(plan))
        {
            plan.Dispose();
            running.Hold();
            return (running, null);
        }
        var host = new PluginHost(plan.Id, plan.Plugin.Version, services);
        try
        {
            return (new Instance(plan, await StartAsync(plan, host, cancel), host, services.Clock), null);
        }
        catch (Exception fault)
        {
            host.Dispose();
            plan.Dispose();
            logger.LogDebug(fault, "{Instance}: did not start.", plan);
            var message = fault is TimeoutException
                ? $"{plan}: it did not start within {StartLimit.TotalSeconds:0} s"
                : $"{plan}: it did not start: {fault.Message}";
            return (null, plan.Place with { Code = fault is AuthenticationException ? GenerationException.CredentialsRefused : "start-failed", Message = message });
        }
    }

    private async Task<IAsyncDisposable> StartAsync(InstancePlan plan, IPluginHost host, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(StartLimit, services.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var token = either.Token;
        // On a thread of its own: a plugin that blocks instead of waiting must not hold up the others, nor outlive the limit.
        var start = Task.Run(async () => await plan.Code.StartServiceAsync(plan.Settings.Value, host, token), CancellationToken.None);
        try
        {
            return await start.WaitAsync(token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _ = DiscardAsync(start, plan);
            throw new TimeoutException();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _ = DiscardAsync(start, plan);
            throw;
        }
    }

    /// <summary>Stops a service that came too late. What the plugin throws now is the consequence of having been given up.</summary>
    private async Task DiscardAsync(Task<IAsyncDisposable> start, InstancePlan plan)
    {
        try
        {
            await (await start).DisposeAsync();
        }
        catch (Exception fault)
        {
            logger.LogDebug(fault, "{Instance}: ended after it had been given up.", plan);
        }
    }
}
