namespace Kipuka.Sdk.Tck;

/// <summary>What the suite of the kind <c>audit</c> can be told.</summary>
public sealed record AuditOptions : TckOptions
{
    /// <summary>
    /// Reads, as text, all that the target has received so far, in its order. The suite looks for the serial numbers of its records in it.
    /// Without it nobody can tell what arrived.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? Read { get; init; }
}
