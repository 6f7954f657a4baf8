using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>A document as far as it can be judged without starting anything.</summary>
/// <param name="Core">The core's part; null when it could not be bound.</param>
/// <param name="Plans">The instances it asks for, those only whose settings are right. Who builds no generation of them disposes this.</param>
/// <param name="Problems">All that is wrong, and the warnings.</param>
internal sealed record LoadedConfig(KipukaConfig? Core, IReadOnlyList<InstancePlan> Plans, ConfigProblems Problems) : IDisposable
{
    public IReadOnlyList<InstancePlan> Plans { get; private set; } = Plans;

    /// <summary>What was found there: the same text for the same folders with the same bytes.</summary>
    public string Plugins { get; init; } = "";

    /// <summary>Where plugins were looked for.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>Hands the plans over. The document, which may be kept, holds no plugin's code from here on.</summary>
    public IReadOnlyList<InstancePlan> TakePlans()
    {
        var taken = Plans;
        Plans = [];
        return taken;
    }

    /// <summary>Zeroes the secrets of plans that nothing was built of.</summary>
    public void Dispose()
    {
        Core?.Dispose();
        foreach (var plan in Plans)
        {
            plan.Dispose();
        }
    }
}
