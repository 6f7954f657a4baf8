using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>A generation could not be built. The one that served before is untouched.</summary>
internal sealed class GenerationException(IReadOnlyList<ConfigProblem> problems, Exception? inner = null)
    : Exception(string.Join('\n', problems), inner)
{
    /// <summary>The code of a problem that another try makes worse: an HSM locks itself after a few wrong PINs.</summary>
    public const string CredentialsRefused = "credentials-refused";

    /// <summary>For what was found out only while building, and has no place in the file.</summary>
    public GenerationException(string message, Exception? inner = null)
        : this([new ConfigProblem("start-failed", "kipuka.toml", 0, 0, null, message)], inner)
    {
    }

    public IReadOnlyList<ConfigProblem> Problems => problems;

    /// <summary>Whether nobody should try again before somebody has mended the configuration.</summary>
    public bool IsForGood => problems.Any(problem => problem.Code == CredentialsRefused);
}
