namespace Kipuka.Catalog;

/// <summary>Keeps a generation from being taken apart while a request uses it. A struct, to cost nothing: dispose it exactly once.</summary>
internal readonly struct GenerationLease(Generation generation) : IDisposable
{
    public Generation Generation => generation;

    public void Dispose() => generation.Leave();
}
