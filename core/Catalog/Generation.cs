using System.Diagnostics.CodeAnalysis;
using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>Everything that serves at one time: the configuration, the instances, and what upper rooms derived from them. Immutable once built.</summary>
internal sealed class Generation : IAsyncDisposable
{
    // The sign bit says that no new request may enter; the other bits count the requests that are inside.
    private const long Closed = long.MinValue;

    private readonly Dictionary<string, Instance> byId;
    private readonly Dictionary<Type, object> parts = [];
    private readonly List<object> attached = [];
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource retiring = new();
    private bool built;
    private long state;
    private int disposed;

    /// <summary>Takes over the configuration and one hold of every instance.</summary>
    public Generation(int number, KipukaConfig config, IReadOnlyList<Instance> instances)
    {
        Number = number;
        Config = config;
        Instances = instances;
        byId = instances.ToDictionary(instance => instance.Id);
    }

    /// <summary>1, 2, 3, … since the server started.</summary>
    public int Number { get; }

    public KipukaConfig Config { get; }

    /// <summary>Cancelled when another generation serves, or the server stops: what would never end by itself ends then.</summary>
    public CancellationToken Retiring => retiring.Token;

    /// <summary>In the order in which they are asked: the document's for CAs, the book's precedence for authenticators.</summary>
    public IReadOnlyList<Instance> Instances { get; }

    public IEnumerable<Instance> OfKind(string kind) => Instances.Where(instance => instance.Kind == kind);

    public Instance? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Adds what an upper room derived; disposed with the generation, if it can be.</summary>
    public void Attach<T>(T part)
        where T : class
    {
        if (built)
        {
            throw new InvalidOperationException($"Generation {Number} is built; {typeof(T)} comes too late.");
        }
        parts.Add(typeof(T), part);
        attached.Add(part);
    }

    /// <summary>What an upper room has attached under this type.</summary>
    public T Part<T>()
        where T : class => TryPart<T>(out var part) ? part : throw new InvalidOperationException($"Generation {Number} has no {typeof(T)}.");

    public bool TryPart<T>([NotNullWhen(true)] out T? part)
        where T : class => (part = parts.GetValueOrDefault(typeof(T)) as T) is not null;

    /// <summary>From here on nothing can be attached.</summary>
    public void Seal() => built = true;

    /// <summary>Counts a request in; false when the generation has been closed, which asks for another look at the current one.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref state) > 0)
        {
            return true;
        }
        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref state) == Closed)
        {
            drained.TrySetResult();
        }
    }

    /// <summary>Tells what would never end by itself to end now.</summary>
    public void Retire() => retiring.Cancel();

    /// <summary>Lets nothing more in; the task completes when the last request has left.</summary>
    public Task Close()
    {
        // Interlocked.Or returns what was there before: zero means that nobody is inside to set the result.
        if (Interlocked.Or(ref state, Closed) is 0 or Closed)
        {
            drained.TrySetResult();
        }
        return drained.Task;
    }

    /// <summary>Lets go of the parts, last attached first, then of every instance: those that no other generation holds stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }
        foreach (var part in Enumerable.Reverse(attached))
        {
            switch (part)
            {
                case IAsyncDisposable stoppable:
                    await stoppable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
                default:
                    break;
            }
        }
        // Transports and authenticators stop before the CAs and stores that they call: the reverse of the order of use.
        foreach (var instance in Instances.Reverse())
        {
            await instance.DisposeAsync();
        }
        Config.Dispose();
    }
}
