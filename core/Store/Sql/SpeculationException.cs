namespace Kipuka.Store;

/// <summary>A statement that was sent ahead did not do what its job took for granted: the transaction is undone and done again step by step.</summary>
internal sealed class SpeculationException() : Exception("a write of the group did not find what it expected");
