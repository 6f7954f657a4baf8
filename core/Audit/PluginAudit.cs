using Kipuka.Catalog;
using Kipuka.Sdk;

namespace Kipuka.Audit;

/// <summary>The journal, as plugins reach it.</summary>
internal sealed class PluginAudit(Trail trail) : IAuditWriter
{
    private const string Authorities = "ca:";

    public async ValueTask WriteAsync(
        string instance, string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
    {
        var all = new Dictionary<string, string>(fields) { ["instance"] = instance };
        var scope = AuditScope.Current;
        var record = Trail.Record(name, success, actor ?? scope?.Actor, all) with
        {
            Source = scope?.Source,
            Label = scope?.Label,
            Authority = instance.StartsWith(Authorities, StringComparison.Ordinal) ? instance[Authorities.Length..] : null,
        };
        await trail.WriteAsync([record], cancel);
    }
}
