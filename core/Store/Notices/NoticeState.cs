namespace Kipuka.Store;

/// <summary>How far the telling of a CA has come.</summary>
/// <param name="Told">When it agreed; null while it has not.</param>
/// <param name="Due">Not tried before.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Failure">What became of the last attempt; null when it worked, or there was none.</param>
internal sealed record NoticeState(DateTimeOffset? Told, DateTimeOffset Due, int Attempts, string? Failure);
