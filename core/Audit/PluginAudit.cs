using Kipuka.Catalog;
using Kipuka.Sdk;

namespace Kipuka.Audit;

/// <summary>The journal, as plugins reach it.</summary>
internal sealed class PluginAudit(Trail trail) : IAuditWriter
{
    public async ValueTask WriteAsync(
        string instance, string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
    {
        var all = new Dictionary<string, string>(fields) { ["instance"] = instance };
        await trail.WriteAsync([Trail.Record(name, success, actor, all)], cancel);
    }
}
