using System.Net;
using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>
/// The audit records of one request, gathered until they can be written with the ledger's own writes. Not thread-safe: a request is one flow.
/// </summary>
internal sealed class RequestTrail(IPAddress source, string? label)
{
    private readonly List<AuditRecord> _records = [];

    public IPAddress Source => source;

    public string? Label => label;

    /// <summary>Who asks; set as soon as it is proven.</summary>
    public Identity? Actor { get; set; }

    public void Add(string name, bool success, IReadOnlyDictionary<string, string>? fields = null, string? authority = null, string? serial = null)
        => _records.Add(Trail.Record(name, success, Actor, fields) with { Source = source, Label = label, Authority = authority, Serial = serial });

    /// <summary>Something that no honest client does by mistake, beside the refusal that it meets.</summary>
    public void AddViolation(string code, string reason, string? authority = null, string? serial = null)
        => Add("security.violation", false, new Dictionary<string, string> { ["code"] = code, ["reason"] = reason }, authority, serial);

    /// <summary>Takes what was gathered, to be written now.</summary>
    public IReadOnlyList<AuditRecord> Take()
    {
        AuditRecord[] taken = [.. _records];
        _records.Clear();
        return taken;
    }
}
