using System.Net.Sockets;
using Kipuka.Catalog;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka.Transport;

/// <summary>Opens and closes the transports of generations.</summary>
internal sealed class Transports(TransportServices services, ILogger<Transports> log)
{
    private readonly HashSet<Instance> _listening = [];

    /// <summary>Lets those transports of a generation listen that do not yet.</summary>
    /// <exception cref="GenerationException">One cannot; those that were opened here stay open.</exception>
    public async Task ListenAsync(Generation generation, CancellationToken cancel)
    {
        foreach (var instance in generation.OfKind("transport").Where(instance => !_listening.Contains(instance)))
        {
            try
            {
                await instance.As<ITransport>()!.ListenAsync(services, cancel);
            }
            catch (Exception fault) when (fault is SocketException or IOException or InvalidOperationException)
            {
                throw new GenerationException($"{instance}: cannot listen: {fault.Message.TrimEnd((char)46)}", fault);
            }
            _listening.Add(instance);
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
        _listening.Remove(instance);
    }
}
