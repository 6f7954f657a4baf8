using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary>What a command sees of the process it runs in.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Variable">An environment variable; null when it is not set.</param>
/// <param name="Clock">The time.</param>
internal sealed record Surroundings(string Folder, Func<string, string?> Variable, TimeProvider Clock)
{
    public static Surroundings OfProcess => new(Environment.CurrentDirectory, Environment.GetEnvironmentVariable, TimeProvider.System);

    /// <summary>An absolute path for one that may start at the working folder.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Folder);

    /// <summary>The configuration that <c>--config</c> names, or the one that is found (ruling 7).</summary>
    public string ConfigFile(string? given) => FindConfig.Path(given, Folder) ?? throw CliException.Usage(FindConfig.NotFound);

    /// <summary>Reads a file that the operator named.</summary>
    /// <param name="path">As it was named.</param>
    /// <param name="what">What names it, for the message: <c>--cacert</c>.</param>
    public byte[] Read(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(FullPath(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{what}: {fault.Message}");
        }
    }
}
