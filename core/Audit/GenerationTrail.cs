using Kipuka.Catalog;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>What comes and goes with generations: plugins' code and CAs.</summary>
internal sealed class GenerationTrail(Trail trail)
{
    private readonly HashSet<string> _loaded = [];

    /// <summary>A generation serves now: what it has that the one before had not.</summary>
    public Task StartedAsync(Generation next, Generation? previous)
    {
        List<AuditRecord> records = [];
        foreach (var plugin in next.Instances.GroupBy(instance => instance.Plugin).Where(plugin => _loaded.Add($"{plugin.Key.Kind}/{plugin.Key.Name}/{plugin.Key.Hash}")))
        {
            var trust = plugin.First().Trust;
            var fields = new Dictionary<string, string>
            {
                ["plugin"] = $"{plugin.Key.Kind}-{plugin.Key.Name}",
                ["version"] = plugin.Key.Version.ToString(),
                ["hash"] = plugin.Key.Hash,
                ["pin"] = trust.Word,
            };
            if (trust.Detail is { } publisher)
            {
                fields["publisher"] = publisher;
            }
            records.Add(By("plugin.loaded", fields));
        }
        records.AddRange(Authorities(next, previous).Select(ca => By("ca.started", Describe(ca)) with { Authority = ca.Name }));
        // What is loaded again after it was gone is told again.
        _loaded.IntersectWith(next.Instances.Select(instance => $"{instance.Plugin.Kind}/{instance.Plugin.Name}/{instance.Plugin.Hash}"));
        return trail.WriteAsync(records, CancellationToken.None);
    }

    /// <summary>A generation was taken apart: what no other has.</summary>
    public Task StoppedAsync(Generation old, Generation? next) => trail.WriteAsync(
        [.. Authorities(old, next).Select(ca => By("ca.stopped", Describe(ca)) with { Authority = ca.Name })], CancellationToken.None);

    private static IEnumerable<Instance> Authorities(Generation of, Generation? other)
        => of.OfKind("ca").Where(instance => other is null || !other.Instances.Contains(instance));

    private static Dictionary<string, string> Describe(Instance authority) => new() { ["plugin"] = $"{authority.Plugin.Kind}-{authority.Plugin.Name}" };

    private static AuditRecord By(string name, Dictionary<string, string> fields)
        => Trail.Record(name, true, AuditScope.Current?.Actor, fields) with { Source = AuditScope.Current?.Source };
}
