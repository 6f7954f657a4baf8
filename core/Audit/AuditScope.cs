using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Audit;

/// <summary>
/// From where, and for whom, what happens now happens: for records of plugins and of the reload, which are told neither. It goes with the
/// flow of the call and ends with it.
/// </summary>
internal sealed class AuditScope : IDisposable
{
    private static readonly AsyncLocal<AuditScope?> Flow = new();

    private readonly AuditScope? _outer = Flow.Value;

    private AuditScope(IPAddress? source, string? label, Identity? actor) => (Source, Label, Actor) = (source, label, actor);

    public static AuditScope? Current => Flow.Value;

    public IPAddress? Source { get; }

    public string? Label { get; }

    public Identity? Actor { get; }

    public static AuditScope Begin(IPAddress? source, string? label, Identity? actor) => Flow.Value = new AuditScope(source, label, actor);

    public void Dispose() => Flow.Value = _outer;
}
