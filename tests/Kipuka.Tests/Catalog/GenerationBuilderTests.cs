using Kipuka.Catalog;
using Kipuka.Sdk.Audit;
using Kipuka.Sdk.Ha;

namespace Kipuka.Tests.Catalog;

public sealed class GenerationBuilderTests : IDisposable
{
    private readonly PluginBench bench = new();
    private readonly TestServices services = new();

    public void Dispose() => bench.Dispose();

    private string[] Notes => File.Exists(bench.Notes) ? File.ReadAllLines(bench.Notes) : [];

    [Fact]
    public async Task A_generation_starts_what_the_document_asks_for()
    {
        bench.Install("audit-one");
        var loaded = bench.LoadWithCa("[one]\nnotes = 'NOTES'\ntext = '${GREETING}'\n[ha]\nstrategy = 'first'");
        Assert.Empty(Errors(loaded));
        await using var generation = await services.Builder().BuildAsync(loaded, null, default);
        Assert.Equal(1, generation.Number);
        Assert.Equal(["audit:one from the environment started"], Notes);
        Assert.NotNull(generation.Find("audit:one")!.As<IAuditSink>());
        Assert.NotNull(generation.OfKind("ha").Single().As<IHaStrategy>());
        Assert.Null(generation.Find("audit:one")!.As<IHaStrategy>());
    }

    [Fact]
    public async Task Plugins_side_by_side_have_their_own_versions_of_a_library()
    {
        bench.Install("audit-one");
        bench.Install("audit-two");
        await using var generation = await BuildAsync("[one]\nnotes = 'NOTES'\n[audit.two]\nnotes = 'NOTES'");
        Assert.Equal("greeting one", generation.Find("audit:one")!.Service.ToString());
        Assert.Equal("greeting two", generation.Find("audit:two")!.Service.ToString());
    }

    [Fact]
    public async Task What_did_not_change_is_carried_over_and_outlives_the_old_generation()
    {
        bench.Install("audit-one");
        bench.Install("audit-two");
        var first = await BuildAsync("[one]\nnotes = 'NOTES'\n[audit.two]\nnotes = 'NOTES'");
        var second = await BuildAsync("[one]\nnotes = 'NOTES'\n[audit.two]\nnotes = 'NOTES'\ntext = 'changed'", first);
        Assert.Same(first.Find("audit:one"), second.Find("audit:one"));
        Assert.NotSame(first.Find("audit:two"), second.Find("audit:two"));
        await first.DisposeAsync();
        Assert.Equal(["audit:two  stopped"], Notes.Where(note => note.EndsWith("stopped", StringComparison.Ordinal)));
        await second.DisposeAsync();
        Assert.Equal("audit:one  stopped", Notes[^1]);
        Assert.Equal(6, Notes.Length);
    }

    [Fact]
    public async Task A_changed_folder_is_started_anew()
    {
        var folder = bench.Install("audit-one");
        await using var first = await BuildAsync("[one]\nnotes = 'NOTES'");
        File.AppendAllText(Path.Combine(folder, "README"), "changed");
        await using var second = await BuildAsync("[one]\nnotes = 'NOTES'", first);
        Assert.NotSame(first.Find("audit:one"), second.Find("audit:one"));
    }

    [Fact]
    public async Task A_failing_start_stops_what_was_started_and_leaves_the_previous_generation()
    {
        bench.Install("audit-one");
        bench.Install("audit-two");
        await using var first = await BuildAsync("[one]\nnotes = 'NOTES'");
        var fault = await Assert.ThrowsAsync<GenerationException>(
            () => BuildAsync("[one]\nnotes = 'NOTES'\ntext = 'new'\n[audit.two]\nnotes = 'NOTES'\ntext = 'fail'", first));
        var problem = Assert.Single(fault.Problems);
        Assert.Equal(("start-failed", 4, "audit.two"), (problem.Code, problem.Line, problem.Key));
        Assert.Equal("audit:two (two): it did not start: the greeting stuck in the throat", problem.Message);
        Assert.Equal(["audit:one  started", "audit:one new started", "audit:one new stopped"], Notes);
        Assert.Equal("greeting one", first.Find("audit:one")!.Service.ToString());
    }

    [Fact]
    public async Task A_start_that_hangs_is_given_up()
    {
        bench.Install("audit-one");
        bench.Install("audit-two");
        var clock = new ManualClock();
        var build = services.Builder(clock).BuildAsync(bench.LoadWithCa("[audit.two]\nnotes = 'NOTES'\ntext = 'hang'"), null, default);
        Assert.False(build.IsCompleted);
        clock.Fire();
        var fault = await Assert.ThrowsAsync<GenerationException>(() => build);
        // Others may be late, too, on a busy machine: their limit is over as well.
        Assert.Contains("audit:two (two): it did not start within 30 s", fault.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public async Task A_failing_part_refuses_the_generation()
    {
        bench.Install("audit-one");
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => services.Builder(null, new Part("one"), new Part(null)).BuildAsync(bench.LoadWithCa("[one]\nnotes = 'NOTES'"), null, default));
        Assert.Equal(["audit:one  started", "audit:one  stopped"], Notes);
    }

    [Fact]
    public async Task Parts_are_attached_while_building_and_never_later()
    {
        bench.Install("audit-one");
        await using var generation = await services.Builder(null, new Part("derived")).BuildAsync(bench.LoadWithCa(""), null, default);
        Assert.Equal("derived", generation.Part<string>());
        Assert.Throws<InvalidOperationException>(() => generation.Attach(new object()));
    }

    [Fact]
    public void A_plugin_judges_its_own_settings_at_the_place_of_the_key()
    {
        bench.Install("audit-one");
        var problem = Assert.Single(Errors(bench.LoadWithCa("[one]\nnotes = 'NOTES'\ntext = 'rude'")));
        Assert.Equal(("bad-value", 3, "one.text"), (problem.Code, problem.Line, problem.Key));
        Assert.Equal("audit:one (one): is rude; be polite", problem.Message);
        Assert.Equal("unknown-key", Assert.Single(Errors(bench.LoadWithCa("[one]\nnotes = 'NOTES'\ntxet = 'x'"))).Code);
    }

    [Fact]
    public void A_plugins_warning_does_not_keep_the_server_from_starting()
    {
        bench.Install("audit-one");
        using var loaded = bench.LoadWithCa("[one]\nnotes = 'NOTES'\ntext = 'curt'");
        Assert.Empty(Errors(loaded));
        Assert.Equal("audit:one (one): is curt", Assert.Single(loaded.Problems.All, problem => problem.Key == "one.text").Message);
        Assert.Contains(loaded.Plans, plan => plan.Id == "audit:one");
    }

    private async Task<Generation> BuildAsync(string toml, Generation? previous = null)
        => await services.Builder().BuildAsync(bench.LoadWithCa(toml), previous, default);

    private static IEnumerable<Kipuka.Config.ConfigProblem> Errors(LoadedConfig loaded) => loaded.Problems.All.Where(problem => !problem.IsWarning);

    private sealed class Part(string? value) : IGenerationPart
    {
        public ValueTask BuildAsync(Generation generation, CancellationToken cancel)
        {
            generation.Attach(value ?? throw new InvalidOperationException("no value"));
            return ValueTask.CompletedTask;
        }
    }
}
