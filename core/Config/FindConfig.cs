namespace Kipuka.Config;

/// <summary>Where kipuka.toml is (ruling 7).</summary>
internal static class FindConfig
{
    private static readonly string[] Places = ["kipuka.toml", "/etc/kipuka/kipuka.toml"];

    /// <param name="given">What <c>--config</c> says; it is taken even when nothing stands there, so that the message names it.</param>
    /// <param name="folder">The working folder.</param>
    /// <returns>Null when none is given and none is found.</returns>
    public static string? Path(string? given, string folder) => Path(given, folder, File.Exists);

    internal static string? Path(string? given, string folder, Func<string, bool> exists) =>
        given ?? Places.Select(place => System.IO.Path.Combine(folder, place)).FirstOrDefault(exists);

    /// <summary>What to say when there is none.</summary>
    public static string NotFound =>
        $"no configuration: neither ./{Places[0]} nor {Places[1]} exists; name one with --config, or make one with kipuka init";
}
