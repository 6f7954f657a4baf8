namespace Kipuka.Policy;

/// <summary>When a certificate is to be renewed.</summary>
/// <param name="Start">From when on.</param>
/// <param name="End">Until when; after the start.</param>
/// <param name="ExplanationUrl">A page that says why; null for none.</param>
internal sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End, string? ExplanationUrl);
