using Kipuka.Plugins.CaPkcs11;
using Kipuka.Plugins.Tests.CaFile;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.CaPkcs11;

public sealed class SettingsTests : IAsyncLifetime, IDisposable
{
    private readonly Workshop workshop = new();
    private Pkcs11CaSettings right = null!;

    public async Task InitializeAsync()
    {
        await workshop.MakeRootAsync("ecparam -name prime256v1 -genkey -noout -out KEY");
        File.WriteAllText(workshop.At("pin"), "1234\n");
        File.SetUnixFileMode(workshop.At("pin"), UnixFileMode.UserRead);
        right = new Pkcs11CaSettings
        {
            Cert = new SettingsFile(workshop.At("ca.crt"), File.ReadAllBytes(workshop.At("ca.crt"))),
            Library = new SettingsPath(workshop.At("ca.crt")),
            Key = "pkcs11:token=kipuka;object=ca",
            PinFile = new SettingsPath(workshop.At("pin")),
        };
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void What_is_right_has_no_problem() => Assert.Empty(Problems(right));

    [Fact]
    public void A_missing_library_is_answered_with_places() => AssertProblem(right with { Library = null }, "library", "is missing");

    [Fact]
    public void A_library_that_is_not_there_is_named() => AssertProblem(right with { Library = new SettingsPath("/nowhere/x.so") }, "library", "/nowhere/x.so does not exist");

    [Fact]
    public void A_missing_key_is_answered_with_the_ways_to_name_one() => AssertProblem(right with { Key = null }, "key", "hsm_slot = 1");

    [Fact]
    public void A_URI_that_names_no_key_is_refused() => AssertProblem(right with { Key = "pkcs11:token=kipuka" }, "key", "names no key");

    [Fact]
    public void A_wrong_URI_is_refused_with_its_fault() => AssertProblem(right with { Key = "pkcs11:objekt=ca" }, "key", "unknown attribute objekt");

    [Fact]
    public void Two_slots_are_refused() => AssertProblem(right with { Key = "pkcs11:slot-id=1;object=ca", HsmSlot = 2 }, "hsm_slot", "says slot 2, and the key's URI says slot 1");

    [Fact]
    public void One_slot_said_twice_is_none_too_many() => Assert.Empty(Problems(right with { Key = "pkcs11:slot-id=1;object=ca", HsmSlot = 1 }));

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_CKA_ID_of_one_byte_is_a_key(long id) => Assert.Empty(Problems(right with { Key = null, HsmSlot = id }));

    [Fact]
    public void A_larger_one_is_not() => AssertProblem(right with { Key = null, HsmSlot = 256 }, "hsm_slot", "0 to 255");

    // The book: "When hsm_slot is set for a CA, the key parameter is ignored".
    [Fact]
    public void A_path_beside_hsm_slot_is_a_warning() => Assert.True(AssertProblem(right with { Key = "ca-key.pem", HsmSlot = 1 }, "key", "is not used").IsWarning);

    [Fact]
    public void A_PIN_file_that_is_not_there_is_named() => AssertProblem(right with { PinFile = new SettingsPath("/nowhere/pin") }, "pin_file", "/nowhere/pin does not exist");

    [Fact]
    public void A_PIN_file_for_everybody_is_refused()
    {
        File.SetUnixFileMode(workshop.At("pin"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertProblem(right, "pin_file", "chmod 600");
    }

    [Fact]
    public void A_variable_that_is_not_set_is_a_warning_since_the_server_may_have_it()
        => Assert.True(AssertProblem(right with { PinEnv = "KIPUKA_TEST_NO_PIN" }, "pin_env", "KIPUKA_TEST_NO_PIN is not set").IsWarning);

    [Fact]
    public void A_PIN_in_the_configuration_is_a_warning()
    {
        using var pin = Secret.FromText("1234");
        Assert.True(AssertProblem(right with { PinFile = null, Pin = pin }, "pin", "development only").IsWarning);
    }

    // Ruling 15.
    [Theory]
    [InlineData("pkcs11:object=ca", 3L, "label \"kipuka\", slot \"3\"", "the label \"ca\"")]
    [InlineData("pkcs11:object=ca", null, "label \"kipuka\", slot \"7\"", "the label \"ca\"")]
    [InlineData("pkcs11:token=other;id=%0a", null, "label \"other\"", "the CKA_ID 0a")]
    [InlineData("pkcs11:slot-id=5;object=ca;id=%01", null, "slot \"5\"", "the label \"ca\" and the CKA_ID 01")]
    [InlineData(null, 1L, "label \"kipuka\", slot \"7\"", "the CKA_ID 01")]
    [InlineData("ca", null, "label \"kipuka\", slot \"7\"", "the label \"ca\"")]
    public void The_URI_comes_first_then_hsm_slot_then_the_table(string? key, long? hsmSlot, string token, string found)
    {
        var name = KeyName.Of(right with { Key = key, HsmSlot = hsmSlot, TokenLabel = "kipuka", Slot = 7 });
        Assert.Equal((token, found), (name.Token.ToString(), name.Key.ToString()));
    }

    [Theory]
    [InlineData("variable", "file", "literal", "variable")]
    [InlineData(null, "file", "literal", "file")]
    [InlineData(null, null, "literal", "literal")]
    public void The_PIN_is_the_variables_then_the_files_then_the_tables(string? variable, string? file, string? literal, string expected)
    {
        Environment.SetEnvironmentVariable("KIPUKA_TEST_HSM_PIN", variable);
        File.Delete(workshop.At("pin"));
        File.WriteAllText(workshop.At("pin"), $"{file}\r\nsecond line");
        using var own = literal is null ? null : Secret.FromText(literal);
        using var pin = new PinSource(right with
        {
            PinEnv = variable is null ? null : "KIPUKA_TEST_HSM_PIN",
            PinFile = file is null ? null : new SettingsPath(workshop.At("pin")),
            Pin = own,
        }).Read();
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(pin!.Reveal()));
    }

    // Half a PIN would cost the token a try.
    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(4096, "is longer than 4095 bytes")]
    [InlineData(4095, null)]
    public void A_file_whose_first_line_can_be_no_PIN_is_not_tried(int length, string? expected)
    {
        File.Delete(workshop.At("pin"));
        File.WriteAllText(workshop.At("pin"), new string('7', length) + (length < 4096 ? "\n" : ""));
        var source = new PinSource(right);
        if (expected is not null)
        {
            Assert.Contains(expected, Assert.Throws<PinException>(source.Read).Message, StringComparison.Ordinal);
            return;
        }
        using var pin = source.Read();
        Assert.Equal(length, pin!.Reveal().Length);
    }

    [Fact]
    public void The_manual_page_has_the_table_of_providers_as_it_is_in_the_code()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "plugins", "ca-pkcs11.md"));
        var rows = page.Split('\n').SkipWhile(line => !line.StartsWith("| product |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(
            Providers.All.Select(provider => $"| {provider.Name} | {Cell(provider.Linux)} | {Cell(provider.MacOs)} | {provider.MaxSessions?.ToString() ?? "unlimited"} | {provider.Note} |"),
            rows);

        static string Cell(string[] paths) => paths.Length == 0 ? "none" : string.Join(", ", paths.Select(path => $"`{path}`"));
    }

    // Messages know the product by the module's file name, wherever it lies, and no product by another's.
    [Fact]
    public void Every_product_is_known_by_its_module_and_what_is_known_of_it_is_said()
        => Assert.All(Providers.All.SelectMany(provider => provider.Linux.Concat(provider.MacOs), (provider, path) => (provider, path)), place =>
        {
            Assert.Equal(place.provider, Providers.Of(place.path));
            Assert.Equal(place.provider, Providers.Of($"/opt/elsewhere/{Path.GetFileName(place.path)}"));
            Assert.Contains(place.provider.Note, Providers.Hint(place.path), StringComparison.Ordinal);
        });

    [Fact]
    public void More_sessions_than_the_product_has_are_a_warning()
    {
        File.Copy(workshop.At("ca.crt"), workshop.At("yubihsm_pkcs11.so"));
        var settings = right with { Library = new SettingsPath(workshop.At("yubihsm_pkcs11.so")), MaxSessions = 16 };
        Assert.Empty(Problems(settings));
        Assert.True(AssertProblem(settings with { MaxSessions = 17 }, "max_sessions", "YubiHSM 2 has 16 sessions for all its users").IsWarning);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Kipuka.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static List<SettingsProblem> Problems(Pkcs11CaSettings settings) => [.. new Pkcs11CaPlugin().Check(settings)];

    private static SettingsProblem AssertProblem(Pkcs11CaSettings settings, string key, string expected)
    {
        var problem = Assert.Single(Problems(settings));
        Assert.Equal(key, problem.Key);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        return problem;
    }
}
