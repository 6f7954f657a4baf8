using System.Collections.Concurrent;
using System.Net.Sockets;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka.Transport;

/// <summary>Opens and closes the transports of generations. One generation listens while others, in the background, still let go.</summary>
/// <param name="servicesOf">What the transports of a configuration are lent.</param>
/// <param name="log">For transports that do not let go.</param>
internal sealed class Transports(Func<KipukaConfig, TransportServices> servicesOf, ILogger<Transports> log)
{
    private readonly ConcurrentDictionary<Instance, bool> _listening = [];

    /// <summary>Lets those transports of a generation listen that do not yet.</summary>
    /// <exception cref="GenerationException">One cannot; those that were opened here have been closed again.</exception>
    public async Task ListenAsync(Generation generation, CancellationToken cancel)
    {
        var services = servicesOf(generation.Config);
        List<Instance> opened = [];
        foreach (var instance in generation.OfKind("transport").Where(instance => !_listening.ContainsKey(instance)))
        {
            try
            {
                await instance.As<ITransport>()!.ListenAsync(services, cancel);
                _listening[instance] = true;
                opened.Add(instance);
            }
            catch (Exception fault) when (fault is SocketException or IOException or InvalidOperationException)
            {
                await Task.WhenAll(opened.Select(other => UnbindAsync(other, cancel)));
                throw new GenerationException($"{instance}: cannot listen: {fault.Message.TrimEnd('.')}", fault);
            }
        }
    }

    /// <summary>Unbinds the transports of a generation that another one does not carry over.</summary>
    public async Task UnbindAsync(Generation generation, Generation? next, CancellationToken cancel)
    {
        var leaving = generation.OfKind("transport").Where(instance => next is null || !next.Instances.Contains(instance)).ToList();
        await Task.WhenAll(leaving.Select(instance => UnbindAsync(instance, cancel)));
    }

    private async Task UnbindAsync(Instance instance, CancellationToken cancel)
    {
        try
        {
            await instance.As<ITransport>()!.UnbindAsync(cancel);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "{Instance}: unbinding failed: {Reason}", instance, fault.Message);
        }
        _listening.TryRemove(instance, out _);
    }
}
