using Kipuka.Testing;

namespace Kipuka.Architecture;

/// <summary>The rules of the house over what was built.</summary>
public class HouseRules
{
    private static readonly Code Core = Code.Read(Path.Combine(Repository.Build, "kipuka.dll"));
    private static readonly Code Sdk = Code.Read(Path.Combine(Repository.Build, "Kipuka.Sdk.dll"));

    private static readonly string[] Folders = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "plugins")).Select(folder => Path.GetFileName(folder)!)];

    public static TheoryData<string> Plugins => [.. Folders];

    [Fact]
    public void R1_the_SDK_references_the_framework_and_logging_abstractions_only()
        => Assert.Empty(Rules.R1_The_SDK_references_only_the_framework(Sdk));

    [Theory]
    [MemberData(nameof(Plugins))]
    public void R2_a_plugin_references_the_SDK_never_core_never_another_plugin(string plugin) => Assert.Empty(Rules.R2_A_plugin_references_the_SDK_only(Plugin(plugin)));

    [Fact]
    public void R3_core_names_no_plugin()
    {
        var words = Folders.SelectMany(Words).ToList();
        Assert.NotEmpty(words);
        Assert.Empty(Sources("core").SelectMany(file => Rules.R3_No_plugin_is_named_in(File.ReadAllText(file), words).Select(word => $"{file}: {word}")));
    }

    [Fact]
    public void R4_Pki_and_Policy_do_no_IO_and_read_no_clock() => Assert.Empty(Rules.R4_Pki_and_Policy_do_no_IO_and_read_no_clock(Core));

    [Fact]
    public void R5_drafts_are_made_only_in_Policy_and_CAs_are_asked_only_in_Ca() => Assert.Empty(Rules.R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Core));

    [Fact]
    public void R6_HTTP_is_seen_only_in_Admin_and_SQL_only_in_Store()
    {
        Assert.Empty(Rules.R6_Only_Admin_sees_HTTP(Core));
        Assert.Empty(Rules.R6_Only_Store_speaks_SQL(Core));
    }

    [Fact]
    public void R7_rooms_point_down_only()
    {
        Assert.Empty(Rules.R7_Every_room_is_known(Core));
        Assert.Empty(Rules.R7_Rooms_point_down_only(Core));
    }

    [Fact]
    public void R8_nothing_banned_is_used_in_core_or_SDK()
    {
        Assert.Empty(Rules.R8_Nothing_banned(Core, mayUseConsole: false));
        Assert.Empty(Rules.R8_Nothing_banned(Sdk, mayUseConsole: false));
    }

    [Theory]
    [MemberData(nameof(Plugins))]
    public void R8_nothing_banned_is_used_in_a_plugin(string plugin) => Assert.Empty(Rules.R8_Nothing_banned(Plugin(plugin), mayUseConsole: false));

    [Fact]
    public void R9_the_SDKs_public_surface_is_the_approved_one()
    {
        var surface = PublicSurface.Of(Path.Combine(Repository.Build, "Kipuka.Sdk.dll"));
        var approved = Path.Combine(Repository.Root, "sdk", "Kipuka.Sdk.api.txt");
        Assert.True(
            File.Exists(approved) && File.ReadAllText(approved) == surface,
            $"The public surface of Kipuka.Sdk differs from {approved}. If the change is meant, write this there and say why in docs/decisions:\n{surface}");
    }

    [Fact]
    public void R10_files_stay_small()
    {
        var files = new[] { "sdk", "core", "plugins" }.SelectMany(Sources).Select(file => (file, File.ReadAllLines(file).Length)).ToList();
        Assert.Empty(Rules.R10_Files_stay_small(files));
    }

    private static Code Plugin(string folder)
        => Code.Read(Directory.GetFiles(Path.Combine(Repository.Build, "plugins", folder), "Kipuka.Plugins.*.dll").Single());

    // The folder, the namespace and the classes that an assembly declares as plugins; other type names ("Token") are anybody's words.
    private static IEnumerable<string> Words(string folder)
    {
        var code = Plugin(folder);
        return code.Uses.Select(use => use.Type.Split('.')[^1]).Where(name => name.EndsWith("Plugin", StringComparison.Ordinal)).Distinct().Append(folder).Append(code.Name);
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
