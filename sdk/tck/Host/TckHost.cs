using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Kipuka.Sdk.Tck;

/// <summary>A host for tests, with the limits of the real one. Two of them with one store and one clock are two nodes.</summary>
public sealed partial class TckHost : IPluginHost, IDisposable
{
    private const int MostFields = 32;

    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<TckAuditRecord> records = new();
    private readonly Action<string>? watch;

    /// <summary>A host.</summary>
    /// <param name="instance">What the plugin is told that its instance is called.</param>
    /// <param name="store">The shared store; null makes an empty one.</param>
    /// <param name="clock">The clock; null makes one.</param>
    public TckHost(string instance = "tck:instance", TckStore? store = null, TckClock? clock = null)
        : this(instance, store, clock, null)
    {
    }

    internal TckHost(string instance, TckStore? store, TckClock? clock, Action<string>? watch)
    {
        this.watch = watch;
        Instance = instance;
        Time = clock ?? new TckClock();
        Memory = store ?? new TckStore(Time);
        Logger = new TckLogger(line => Take(lines, line));
        Meter = new Meter(instance);
    }

    /// <summary>The clock, to be moved.</summary>
    public TckClock Time { get; }

    /// <summary>The store, to be looked into.</summary>
    public TckStore Memory { get; }

    /// <summary>Every line that was logged, at every level, with the text of its exception.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Every audit record.</summary>
    public IReadOnlyCollection<TckAuditRecord> Records => records;

    /// <inheritdoc/>
    public string Instance { get; }

    /// <inheritdoc/>
    public ILogger Logger { get; }

    /// <inheritdoc/>
    public TimeProvider Clock => Time;

    /// <inheritdoc/>
    public IPluginStore Store => Memory;

    /// <inheritdoc/>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
    {
        Take(name, success, actor, fields);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(note);
        Check(note.Name, note.Fields);
        if (!await Memory.WriteAsync(write, cancel))
        {
            return false;
        }
        Take(note.Name, note.Success, note.Actor, note.Fields);
        return true;
    }

    /// <inheritdoc/>
    public T? Find<T>()
        where T : class => null;

    /// <summary>Ends the metrics.</summary>
    public void Dispose() => Meter.Dispose();

    private void Take(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields)
    {
        Check(name, fields);
        records.Enqueue(new TckAuditRecord(name, success, actor, new Dictionary<string, string>(fields)));
        watch?.Invoke($"audit record {name} {actor} {string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}"))}");
    }

    private static void Check(string name, IReadOnlyDictionary<string, string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (!NamePattern().IsMatch(name))
        {
            throw new ArgumentException($"An audit record is named with dotted lower-case words, not \"{name}\".", nameof(name));
        }
        if (fields.Count > MostFields)
        {
            throw new ArgumentException($"An audit record has at most {MostFields} details, not {fields.Count}.", nameof(fields));
        }
    }

    private void Take(ConcurrentQueue<string> queue, string line)
    {
        queue.Enqueue(line);
        watch?.Invoke($"log line {line}");
    }

    [GeneratedRegex("^[a-z0-9_-]+(\\.[a-z0-9_-]+)+\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
