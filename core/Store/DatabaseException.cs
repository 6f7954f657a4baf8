namespace Kipuka.Store;

/// <summary>The database cannot be used as asked; the message is a sentence for the operator, without a password.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);
