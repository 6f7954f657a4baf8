namespace Kipuka.Catalog;

/// <summary>
/// Builds what an upper room derives from a generation (the groups of CAs, the table of labels) and attaches it. Runs for every new
/// generation, in the order of registration, after all instances have started and before anything of it serves.
/// </summary>
internal interface IGenerationPart
{
    /// <summary>Derives and attaches. A <see cref="GenerationException"/> refuses the generation; the previous one keeps serving.</summary>
    ValueTask BuildAsync(Generation generation, CancellationToken cancel);
}
