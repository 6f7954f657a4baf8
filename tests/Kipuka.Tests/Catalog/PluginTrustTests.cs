using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Tests.Catalog;

/// <summary>Code runs here only when it was built with the server, pinned, signed, or everything may.</summary>
public sealed class PluginTrustTests : IDisposable
{
    private readonly PluginBench bench = new() { TrustsAll = false };

    public void Dispose() => bench.Dispose();

    [Fact]
    public void What_nothing_vouches_for_is_refused_with_the_line_that_would_pin_it()
    {
        var hash = Install();
        using var loaded = Load("");
        Assert.Contains($"\"audit-one\" = \"sha256:{hash}\"", Refusal(loaded), StringComparison.Ordinal);
        Assert.Empty(loaded.Plans);
    }

    [Fact]
    public void A_pin_lets_exactly_these_files_in()
    {
        var hash = Install();
        using (var loaded = Load($"[plugins.pins]\n\"audit-one\" = \"sha256:{hash}\""))
        {
            Assert.DoesNotContain(loaded.Problems.All, problem => problem.Code == "plugin-refused");
            Assert.NotEmpty(loaded.Plans);
        }
        File.AppendAllText(Path.Combine(bench.Plugins, "audit-one", "note.txt"), "changed");
        using var changed = Load($"[plugins.pins]\n\"audit-one\" = \"sha256:{hash}\"");
        Assert.Contains("not those that [plugins.pins] names", Refusal(changed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("md5:0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_pin_is_a_SHA_256(string pin)
    {
        Install();
        using var loaded = Load($"[plugins.pins]\n\"audit-one\" = \"{pin}\"");
        Assert.Contains(loaded.Problems.All, problem => problem.Code == "bad-value" && problem.Key == "plugins.pins.audit-one");
    }

    [Fact]
    public void unpinned_lets_all_in_and_is_told()
    {
        Install();
        using var loaded = Load("[plugins]\nunpinned = true");
        Assert.DoesNotContain(loaded.Problems.All, problem => problem.Code == "plugin-refused");
        Assert.Contains(loaded.Problems.All, problem => problem is { Code: "unpinned", IsWarning: true });
    }

    [Fact]
    public void A_folder_that_nothing_selects_is_a_warning()
    {
        Install();
        using var loaded = bench.Load("[[ca]]\nid = 'x'\ntype = 'file'");
        Assert.All(loaded.Problems.All.Where(problem => problem.Code == "plugin-refused"), problem => Assert.True(problem.IsWarning));
        Assert.Contains(loaded.Problems.All, problem => problem.Code == "plugin-refused");
    }

    [Fact]
    public void A_publishers_signature_stands_for_a_pin_and_covers_every_file()
    {
        var folder = bench.Install("audit-one");
        using var publisher = Certificate("CN=Acme");
        Sign(folder, publisher);
        using (var loaded = Load(Publishers(publisher)))
        {
            Assert.DoesNotContain(loaded.Problems.All, problem => problem.Code == "plugin-refused");
        }
        File.AppendAllText(Path.Combine(folder, "note.txt"), "added after signing");
        using var changed = Load(Publishers(publisher));
        Assert.Contains("no signature over the files", Refusal(changed), StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_signature_counts_for_nothing()
    {
        var folder = bench.Install("audit-one");
        using var publisher = Certificate("CN=Acme");
        using var stranger = Certificate("CN=Acme");
        Sign(folder, stranger);
        using var loaded = Load(Publishers(publisher));
        Assert.Contains("not signed by any of", Refusal(loaded), StringComparison.Ordinal);
        using var other = Load(Publishers(stranger));
        Assert.DoesNotContain(other.Problems.All, problem => problem.Code == "plugin-refused");
    }

    [Fact]
    public void A_signature_that_is_none_refuses()
    {
        var folder = bench.Install("audit-one");
        using var publisher = Certificate("CN=Acme");
        File.WriteAllText(Path.Combine(folder, "plugin.p7s"), "hello");
        using var loaded = Load(Publishers(publisher));
        Assert.Contains("plugin.p7s", Refusal(loaded), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dropped_in_folder_cannot_displace_a_plugin_by_its_name()
    {
        var hash = Install();
        bench.Install("audit-one", "aaa-imposter");
        using var loaded = Load($"[plugins.pins]\n\"audit-one\" = \"sha256:{hash}\"");
        Assert.DoesNotContain(loaded.Problems.All, problem => !problem.IsWarning);
        Assert.All(loaded.Plans, plan => Assert.EndsWith("audit-one", plan.Plugin.Folder, StringComparison.Ordinal));
    }

    [Fact]
    public void The_shipped_plugins_are_those_that_were_built()
    {
        var problems = new ConfigProblems();
        var folders = PluginFolders.Find([Path.Combine(PluginBench.Build, "plugins")], problems);
        Assert.NotEmpty(ShippedPlugins.Hashes);
        Assert.All(ShippedPlugins.Hashes, shipped => Assert.Equal(
            shipped.Value, folders.Single(folder => Path.GetFileName(folder.Path) == shipped.Key).Hash));
    }

    private string Install()
    {
        var problems = new ConfigProblems();
        return PluginFolder.Read(bench.Install("audit-one"), problems)!.Hash;
    }

    private LoadedConfig Load(string toml) => bench.LoadWithCa($"{toml}\n[audit.one]\nnotes = 'NOTES'");

    private static string Refusal(LoadedConfig loaded)
        => loaded.Problems.All.First(problem => problem.Code == "plugin-refused" && !problem.IsWarning).Message;

    private string Publishers(X509Certificate2 publisher)
    {
        var file = Path.Combine(Path.GetDirectoryName(bench.Plugins)!, "publisher.pem");
        File.WriteAllText(file, publisher.ExportCertificatePem());
        return "[plugins]\npublishers = ['publisher.pem']";
    }

    private static void Sign(string folder, X509Certificate2 publisher)
    {
        var problems = new ConfigProblems();
        File.WriteAllBytes(Path.Combine(folder, "plugin.p7s"), PluginSignature.Sign(PluginFolder.Read(folder, problems)!.Lines, publisher));
    }

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
