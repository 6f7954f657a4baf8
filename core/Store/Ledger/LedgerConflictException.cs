namespace Kipuka.Store;

/// <summary>The same request is open already, here or on another node: its twin is at work.</summary>
internal sealed class LedgerConflictException(Exception? inner) : Exception("The same request is open already.", inner);
