using System.Diagnostics;
using System.Runtime.Versioning;
using Kipuka.Catalog;

namespace Kipuka.Tests.Catalog;

[SupportedOSPlatform("linux")]
public sealed class PluginFolderTests : IDisposable
{
    private readonly PluginBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void An_assembly_describes_all_its_plugins()
    {
        bench.Install("audit-one");
        var (folders, problems) = bench.Find();
        Assert.Empty(problems);
        var plugins = Assert.Single(folders).Describe();
        Assert.Equal(["audit:one", "ha:first", "ca:idle"], plugins.Select(plugin => $"{plugin.Kind}:{plugin.Name}"));
        Assert.Equal(["audit.one_notes", "one"], plugins[0].Tables);
        Assert.Equal("Kipuka.TestPlugins.GreetingSinkPlugin", plugins[0].TypeName);
        var action = Assert.Single(plugins[0].Actions);
        Assert.Equal(("POST", "one/{id}", "one greet"), (action.Method, action.Path, action.Command));
        Assert.Equal([new ActionParameter("id", "whom"), new ActionParameter("loud", "yes or no")], action.Parameters);
        Assert.Empty(plugins[1].Actions);
    }

    [Fact]
    public void Describing_runs_no_code()
    {
        bench.Install("audit-throwing");
        var (folders, problems) = bench.Find();
        Assert.Empty(problems);
        Assert.Equal("throwing", Assert.Single(Assert.Single(folders).Describe()).Name);
        // And its code would have thrown: it does when it is loaded.
        var problem = Assert.Single(bench.Load("[audit.throwing]").Problems.All, problem => problem.Code == "bad-plugin");
        Assert.Contains("the module initializer ran", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_assembly_is_skipped()
    {
        File.WriteAllText(Path.Combine(bench.Install("audit-one"), "native.dll"), "no image");
        var (folders, problems) = bench.Find();
        Assert.Empty(problems);
        Assert.Equal(3, Assert.Single(folders).Describe().Count);
    }

    [Fact]
    public void The_hash_is_what_sha256sum_says()
    {
        var path = bench.Install("audit-one");
        Directory.CreateDirectory(Path.Combine(path, "sub"));
        File.WriteAllText(Path.Combine(path, "sub", "ä file"), "x");
        using var shell = Process.Start(new ProcessStartInfo("sh",
            ["-c", "find -L . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"])
        { WorkingDirectory = path, RedirectStandardOutput = true })!;
        Assert.Equal(shell.StandardOutput.ReadToEnd().Split(' ')[0], Assert.Single(bench.Find().Folders).Hash);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_folder_that_others_can_write_is_refused(UnixFileMode foreign)
    {
        var path = bench.Install("audit-one");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | foreign);
        AssertRefused("is writable by group or others");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~foreign);
        Assert.Single(bench.Find().Folders);
    }

    [Fact]
    public void A_file_that_others_can_write_refuses_its_folder()
    {
        var file = Path.Combine(bench.Install("audit-one"), "Greeting.dll");
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupWrite);
        AssertRefused("Greeting.dll is writable by group or others");
    }

    [Fact]
    public void A_link_that_leaves_the_folder_is_refused()
    {
        var path = bench.Install("audit-one");
        File.CreateSymbolicLink(Path.Combine(path, "inside"), "Greeting.dll");
        Assert.Single(bench.Find().Folders);
        File.CreateSymbolicLink(Path.Combine(path, "outside"), "/etc/hostname");
        AssertRefused("the link outside");
    }

    [Fact]
    public void Commands_of_a_plugins_own_are_described_and_wrong_ones_left_out()
    {
        bench.Declare("commands",
            new Declaration("ca", "good") { Command = ("device list", "pin_env: where the PIN is") },
            new Declaration("ca", "bad") { Command = ("Device List", "x: y") },
            new Declaration("ca", "odd") { Command = ("device make", "no option: y") });
        var (folders, problems) = bench.Find();
        var plugins = Assert.Single(folders).Describe();
        var command = Assert.Single(plugins.SelectMany(plugin => plugin.Commands));
        Assert.Equal(("ca", "good", "device list", "Does it here."), (command.Kind, command.Name, command.Command, command.Summary));
        Assert.Equal([new ActionParameter("pin_env", "where the PIN is")], command.Options);
        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Contains("declares the command", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_action_stands_at_each_of_its_paths_and_a_wrong_one_is_left_out()
    {
        bench.Declare("actions",
            new Declaration("auth", "good") { Action = ("POST", "thing", "thing make"), AlsoAt = ["thing/make"], LabelParameters = ["where"] },
            new Declaration("auth", "bad") { Action = ("POST", "thing", "thing make"), LabelParameters = ["whence"] },
            new Declaration("auth", "odd") { Action = ("POST", "thing", "thing make"), AlsoAt = ["/thing"] });
        var (folders, problems) = bench.Find();
        var actions = Assert.Single(folders).Describe().SelectMany(plugin => plugin.Actions).Where(action => action.Name != "odd").ToList();
        Assert.Equal(["good thing", "good thing/make"], actions.Select(action => $"{action.Name} {action.Path}").Distinct());
        Assert.All(actions, action => Assert.Equal(["where"], action.LabelParameters));
        Assert.Contains(problems, problem => problem.Message.Contains("the label parameter \"whence\" is none of its parameters", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Message.Contains("the path \"/thing\" is not made of words", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_declarations_are_problems_and_left_out()
    {
        bench.Declare("wrong",
            new Declaration("oven", "x"),
            new Declaration("auth", "Not A Name"),
            new Declaration("auth", "hidden") { IsPublic = false },
            new Declaration("auth", "right") { Action = ("PATCH", "x", "x") });
        var (folders, problems) = bench.Find();
        Assert.Equal("right", Assert.Single(Assert.Single(folders).Describe()).Name);
        Assert.Equal(4, problems.Count);
        Assert.All(problems, problem => Assert.Equal("bad-plugin", problem.Code));
        Assert.Contains(problems, problem => problem.Message.Contains("ca, auth, transport, ha, audit", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Message.Contains("must be public", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Message.Contains("not \"PATCH\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plugin_that_is_there_twice_is_a_problem()
    {
        bench.Install("audit-one");
        bench.Install("audit-one", "copy");
        var problem = Assert.Single(bench.Select("").Problems, problem => problem.Message.Contains("audit:one", StringComparison.Ordinal));
        Assert.Equal("duplicate-plugin", problem.Code);
    }

    private void AssertRefused(string why)
    {
        var (folders, problems) = bench.Find();
        Assert.Empty(folders);
        var problem = Assert.Single(problems);
        Assert.Equal("plugin-refused", problem.Code);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }
}
