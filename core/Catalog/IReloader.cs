using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>Makes the configuration as it stands now serve. Implemented where everything is composed.</summary>
internal interface IReloader
{
    /// <summary>How the last reload ended; null when there was none. A failed one is worth an operator's look for as long as it is the last.</summary>
    ReloadOutcome? Last { get; }

    /// <summary>Plugins that were unloaded and whose code is still in memory.</summary>
    IReadOnlyList<string> LeakedPlugins { get; }

    /// <summary>Builds a new generation and swaps it in. When anything is wrong the old one keeps serving. One at a time.</summary>
    Task<ReloadOutcome> ReloadAsync(CancellationToken cancel);
}

/// <summary>How a reload ended.</summary>
/// <param name="Number">The generation that serves now.</param>
/// <param name="Problems">Why it is still the old one; no errors when the new one serves.</param>
internal sealed record ReloadOutcome(int Number, IReadOnlyList<ConfigProblem> Problems)
{
    public bool Succeeded => Problems.All(problem => problem.IsWarning);
}
