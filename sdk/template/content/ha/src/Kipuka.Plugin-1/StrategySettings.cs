namespace Kipuka.Plugin_1;

/// <summary>The keys of <c>[ha.plugin-1-name]</c>: none yet.</summary>
public sealed record StrategySettings;
