namespace Kipuka.Sdk.Tck;

/// <summary>What one check works with: services of its own, and everything they say is remembered.</summary>
internal sealed class Bench<TService>(TckSubject<TService> subject, Evidence evidence, CancellationToken cancel) : IAsyncDisposable
    where TService : class, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly List<TService> running = [];
    private readonly List<TckHost> hosts = [];

    public TckSubject<TService> Subject => subject;

    public Evidence Evidence => evidence;

    /// <summary>Cancelled when the check takes too long.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>A host; with the store and the clock of another it is a second node.</summary>
    public TckHost Host(TckHost? shared = null)
    {
        var host = new TckHost("tck:instance", shared?.Memory, shared?.Time, line => evidence.See("", line));
        hosts.Add(host);
        return host;
    }

    public Task<TService> StartAsync() => StartAsync(Host());

    /// <summary>Starts a service, which is disposed after the check.</summary>
    public async Task<TService> StartAsync(TckHost host)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartLimit);
        try
        {
            var service = await Task.Run(async () => await subject.StartAsync(host, limit.Token), CancellationToken.None).WaitAsync(limit.Token);
            lock (running)
            {
                running.Add(service);
            }
            evidence.See("ToString of the service", service.ToString());
            return service;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw CheckException.Failed($"The service did not start within {StartLimit.TotalSeconds:0} s; a host gives it no longer.");
        }
        catch (Exception fault)
        {
            var failed = Fault("The service did not start", fault);
            lock (running)
            {
                throw running.Count == 0 ? failed : CheckException.NotApplicable("A second service does not start beside the first one; mend that first.");
            }
        }
    }

    /// <summary>Disposes a service now.</summary>
    public async Task StopAsync(TService service)
    {
        lock (running)
        {
            running.Remove(service);
        }
        try
        {
            await service.DisposeAsync();
        }
        catch (Exception fault)
        {
            throw Fault("DisposeAsync threw", fault);
        }
    }

    /// <summary>What the call throws, or null.</summary>
    public async Task<Exception?> ThrownByAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception fault)
        {
            evidence.See("exception", fault);
            return fault;
        }
    }

    /// <summary>A failed check, because of an exception that should not have come.</summary>
    public CheckException Fault(string what, Exception fault)
    {
        evidence.See("exception", fault);
        return fault as CheckException ?? CheckException.Failed($"{what}: {fault.GetType().Name}: {fault.Message}");
    }

    /// <summary>Disposes what still runs. A stop that fails is the affair of the checks that are about it.</summary>
    public async ValueTask DisposeAsync()
    {
        List<TService> left;
        lock (running)
        {
            left = [.. running];
        }
        foreach (var service in left)
        {
            await ThrownByAsync(async () => await Task.Run(async () => await service.DisposeAsync(), CancellationToken.None).WaitAsync(StopLimit, CancellationToken.None));
        }
        foreach (var host in hosts)
        {
            host.Dispose();
        }
    }
}
