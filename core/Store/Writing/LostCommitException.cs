namespace Kipuka.Store;

/// <summary>The connection broke during a commit, and the database says that it did not happen.</summary>
internal sealed class LostCommitException(Exception inner) : Exception("the commit was lost on its way", inner);
