using Kipuka.Catalog;

namespace Kipuka.Tests.Catalog;

public sealed class BookExamplesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "config-examples");

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Folder, "*.toml").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Without_any_plugin_no_example_of_the_book_has_an_unknown_key(string example)
    {
        var empty = Directory.CreateTempSubdirectory("kipuka-no-plugins-");
        try
        {
            var loader = new ConfigLoader(_ => "x", empty.FullName, KnownPlugins.DefaultFile, ShippedPlugins.Hashes);
            using var loaded = loader.Load(Path.Combine(Folder, example));
            Assert.Empty(loaded.Problems.All.Where(problem => problem.Code is "unknown-key" or "bad-plugin").Select(problem => problem.Text));
            Assert.Empty(loaded.Plans);
        }
        finally
        {
            empty.Delete();
        }
    }
}
