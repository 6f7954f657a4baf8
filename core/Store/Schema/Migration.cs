namespace Kipuka.Store;

/// <summary>A migration of this program, and when the database got it.</summary>
/// <param name="Number">1, 2, 3, …, the same on all engines.</param>
/// <param name="Name">Such as <c>0001_initial_schema</c>, the same on all engines.</param>
/// <param name="AppliedAt">Null while pending.</param>
/// <param name="Took">How long applying took, where it was done just now.</param>
internal sealed record Migration(int Number, string Name, DateTimeOffset? AppliedAt, TimeSpan? Took = null);
