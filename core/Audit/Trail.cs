using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>The way into the journal.</summary>
internal sealed class Trail : IAsyncDisposable
{
    private const int MaxFields = 32;
    private const int MaxValue = 1024;

    private readonly Journal _journal;
    private readonly FailureDamper _damper;
    private readonly PeriodicTimer _timer;
    private readonly Task _collecting;

    public Trail(Journal journal, TimeProvider clock)
    {
        _journal = journal;
        _damper = new FailureDamper(clock);
        _timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        _collecting = CollectAsync();
    }

    /// <summary>A record without its place: source, label, authority and serial are for the caller to add.</summary>
    public static AuditRecord Record(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string>? fields)
        => new(name, EventNames.NiapOf(name), success) { Actor = actor?.ToString(), Fields = Bounded(actor, fields) };

    /// <summary>Writes records; durable when it completes.</summary>
    public Task WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancel)
        => records.Count == 0 ? Task.CompletedTask : _journal.AppendAsync(records, cancel);

    /// <summary>Writes the records of a request that nobody was authenticated for; a flood of them is counted instead (ruling 55).</summary>
    public Task WriteAnonymousAsync(RequestTrail trail, CancellationToken cancel)
        => WriteAsync([.. trail.Take().Where(record => record.Success || _damper.Admits(trail.Source, record.Name))], cancel);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _collecting;
        await WriteCountsAsync();
    }

    private async Task CollectAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            await WriteCountsAsync();
        }
    }

    private Task WriteCountsAsync() => WriteAsync(
        [.. _damper.Collect().Select(count => Record(count.Name, false, null, new Dictionary<string, string>
        {
            ["count"] = count.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["reason"] = "further failures of this kind within a minute",
        }) with { Source = count.Source })],
        CancellationToken.None);

    private static Dictionary<string, string> Bounded(Identity? actor, IReadOnlyDictionary<string, string>? fields)
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in (actor?.Facts ?? new Dictionary<string, string>()).Concat(fields ?? new Dictionary<string, string>()).Take(MaxFields))
        {
            // A PEM certificate is the one long value, and the host's own.
            all[name] = value.Length <= MaxValue || name == "certificate" ? value : value[..MaxValue];
        }
        return all;
    }
}
