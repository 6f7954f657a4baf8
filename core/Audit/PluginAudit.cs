using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>The journal, as plugins reach it.</summary>
internal sealed class PluginAudit(Trail trail, Journal journal, PluginData data) : IAuditWriter
{
    private const string Authorities = "ca:";

    public async ValueTask WriteAsync(string instance, AuditNote note, CancellationToken cancel)
        => await trail.WriteAsync([Record(instance, note)], cancel);

    public async ValueTask<bool> WriteAsync(string instance, StoreWrite write, AuditNote note, CancellationToken cancel)
        => await data.WriteAsync(new PluginWrite(instance, write), journal, [Record(instance, note)], cancel);

    private static AuditRecord Record(string instance, AuditNote note)
    {
        var all = new Dictionary<string, string>(note.Fields) { ["instance"] = instance };
        var scope = AuditScope.Current;
        return Trail.Record(note.Name, note.Success, note.Actor ?? scope?.Actor, all) with
        {
            Source = scope?.Source,
            Label = scope?.Label,
            Authority = instance.StartsWith(Authorities, StringComparison.Ordinal) ? instance[Authorities.Length..] : null,
        };
    }
}
