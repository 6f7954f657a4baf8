namespace Kipuka.Store;

/// <summary>What a connection writes under: its node's name, taken.</summary>
/// <param name="Connection">What names the connection at the server.</param>
/// <param name="Holder">What its row of <c>commit_marks</c> says as long as nobody else has taken the name.</param>
internal sealed record NodeClaim(long? Connection, byte[] Holder);
