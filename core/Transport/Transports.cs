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
    private static readonly TimeSpan ListenLimit = TimeSpan.FromSeconds(30);

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
                await instance.Guard.CallAsync("listening", token => instance.As<ITransport>()!.ListenAsync(services, token), ListenLimit, cancel);
                _listening[instance] = true;
                opened.Add(instance);
            }
            catch (Exception fault)
            {
                await Task.WhenAll(opened.Select(other => UnbindAsync(other, ListenLimit, CancellationToken.None)));
                if (fault is not PluginFaultException)
                {
                    throw;
                }
                var reason = fault.InnerException is SocketException or IOException or InvalidOperationException
                    ? $"{instance}: cannot listen: {fault.InnerException.Message.TrimEnd('.')}"
                    : fault.Message;
                throw new GenerationException([instance.Place with { Code = "start-failed", Message = reason }], fault);
            }
        }
    }

    /// <summary>Unbinds the transports of a generation that another one does not carry over.</summary>
    public async Task UnbindAsync(Generation generation, Generation? next, CancellationToken cancel)
    {
        var leaving = generation.OfKind("transport").Where(instance => next is null || !next.Instances.Contains(instance)).ToList();
        await Task.WhenAll(leaving.Select(instance => UnbindAsync(instance, generation.Config.Server.ShutdownTimeout, cancel)));
    }

    private async Task UnbindAsync(Instance instance, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            await instance.Guard.CallAsync("unbinding", token => instance.As<ITransport>()!.UnbindAsync(token), limit, cancel);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "{Instance}: unbinding failed: {Reason}", instance, fault.Message);
        }
        _listening.TryRemove(instance, out _);
    }
}
