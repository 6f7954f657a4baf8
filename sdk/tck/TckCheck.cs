namespace Kipuka.Sdk.Tck;

/// <summary>One check of a suite, carried out.</summary>
/// <param name="Name">The check's name, stable over versions: <c>serial</c>, <c>after-dispose</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it failed or does not apply, and what to do, in a sentence without secrets; empty when it passed.</param>
/// <param name="Duration">How long it took.</param>
public sealed record TckCheck(string Name, TckOutcome Outcome, string Reason, TimeSpan Duration);
