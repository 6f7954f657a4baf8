using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>A generation could not be built. The one that served before is untouched.</summary>
internal sealed class GenerationException(IReadOnlyList<ConfigProblem> problems, Exception? inner = null)
    : Exception(string.Join('\n', problems), inner)
{
    public IReadOnlyList<ConfigProblem> Problems => problems;
}
