namespace Kipuka.Pki;

/// <summary>
/// A request, certificate or value that is not what its standard says. The message is one line, safe to show to the client:
/// it names the part that is wrong and never carries a platform's own text.
/// </summary>
internal sealed class MalformedException(string reason) : Exception(reason);
