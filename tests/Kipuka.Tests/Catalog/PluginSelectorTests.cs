namespace Kipuka.Tests.Catalog;

public sealed class PluginSelectorTests : IDisposable
{
    private readonly PluginBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("[otp]", "auth:otp", "otp")]
    [InlineData("[auth.otp]", "auth:otp", "auth.otp")]
    [InlineData("[tls.client_auth]", "auth:mtls", "tls.client_auth")]
    [InlineData("[auth.saml]", "auth:saml", "auth.saml")]
    [InlineData("[transport.coap]", "transport:coap", "transport.coap")]
    [InlineData("[audit]\nfile = 'x'", "audit:file", "audit")]
    [InlineData("[audit.file]", "audit:file", "audit.file")]
    [InlineData("[tls]", null, null)]
    [InlineData("[audit]\nevents = []", null, null)]
    [InlineData("[otp]\nenabled = false", null, null)]
    [InlineData("[otp]\nenabled = true", "auth:otp", "otp")]
    public void A_table_or_key_selects_its_plugin(string toml, string? id, string? own)
    {
        InstallAll();
        var (selections, problems) = bench.Select(toml);
        Assert.Empty(problems);
        Assert.Equal(id, selections.SingleOrDefault()?.Id);
        Assert.Equal(own, selections.SingleOrDefault()?.Own.Single().Path);
    }

    [Theory]
    [InlineData("type = 'pkcs11'", "pkcs11")]
    [InlineData("backend = 'pkcs11'", "pkcs11")]
    [InlineData("hsm_slot = 1", "pkcs11")]
    [InlineData("key = 'pkcs11:object=x'", "pkcs11")]
    [InlineData("key = '/etc/pkcs11:key'", "file")]
    [InlineData("type = 'file'\nhsm_slot = 1", "file")]
    [InlineData("", "file")]
    public void A_ca_is_of_its_type_or_of_what_a_key_implies(string keys, string plugin)
    {
        InstallAll();
        var (selections, problems) = bench.Select($"[[ca]]\nid = 'x'\n{keys}");
        Assert.Empty(problems);
        Assert.Equal(("ca:x", plugin), (selections.Single().Id, selections.Single().Plugin.Name));
    }

    [Fact]
    public void A_ca_owns_its_table_its_sub_table_and_its_plugins_defaults()
    {
        InstallAll();
        var (selections, _) = bench.Select("[hsm]\n[[ca]]\nid = 'a'\n[[ca]]\nid = 'b'\ntype = 'pkcs11'\n[ca.pkcs11]");
        Assert.Equal(["ca[0]"], selections[0].Own.Select(own => own.Path));
        Assert.Equal(["ca[1]", "ca[1].pkcs11", "hsm"], selections[1].Own.Select(own => own.Path));
    }

    [Theory]
    [InlineData("[ha]", "ha:active-passive")]
    [InlineData("[ha]\nstrategy = 'weighted'", "ha:weighted")]
    [InlineData("[[ha.group]]\nstrategy = 'weighted'", "ha:weighted")]
    [InlineData("[[ha.group]]\nload_balancing = 'weighted'\n[[ha.group]]", "ha:weighted ha:active-passive")]
    [InlineData("[[ha.group]]\nstrategy = 'weighted'\n[[ha.group]]\nstrategy = 'weighted'", "ha:weighted")]
    [InlineData("[ha]\nenabled = false\nstrategy = 'weighted'", "")]
    [InlineData("[server]", "")]
    public void Each_strategy_in_use_is_one_instance(string toml, string ids)
    {
        InstallAll();
        var (selections, problems) = bench.Select(toml);
        Assert.Empty(problems);
        Assert.Equal(ids, string.Join(' ', selections.Select(selection => selection.Id)));
    }

    [Fact]
    public void Authenticators_are_in_the_books_order_and_others_after_them()
    {
        InstallAll();
        var (selections, _) = bench.Select("[auth.saml]\n[auth.basic]\n[otp]\n[gssapi]\n[tls.client_auth]");
        Assert.Equal("auth:mtls auth:gssapi auth:otp auth:basic auth:saml", string.Join(' ', selections.Select(selection => selection.Id)));
    }

    [Theory]
    [InlineData("[[ca]]\nid = 'x'\ntype = 'flie'", "did you mean \"file\"?", 3)]
    [InlineData("[ha]\nstrategy = 'wieghted'", "did you mean \"weighted\"?", 2)]
    [InlineData("[ha]\nstrategy = 'least-connections'", "installed are active-passive, weighted", 2)]
    [InlineData("[auth.oto]", "did you mean \"otp\"?", 1)]
    public void An_unknown_name_is_a_problem_that_proposes_the_nearest(string toml, string help, int line)
    {
        InstallAll();
        var (selections, problems) = bench.Select(toml);
        Assert.Empty(selections);
        var problem = Assert.Single(problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(help, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[otp]\nanything = 1", "auth-otp", 1)]
    [InlineData("[audit]\nsyslog = 'udp://x'\nsyslog_facility = 'local0'", "audit-syslog", 2)]
    [InlineData("[[ca]]\nid = 'x'\nhsm_slot = 1\n[[ca]]\nid = 'y'\nkey = 'pkcs11:x'\n[hsm]\npin = '1'", "ca-pkcs11", 1)]
    [InlineData("[hsm]\npin = '1'", "ca-pkcs11", 1)]
    [InlineData("[audit]\nsyslog_facility = 'local0'", "audit-syslog", 2)]
    [InlineData("[[ha.group]]\nname = 'g'\nca_ids = []", "ha-standard", 1)]
    public void A_plugin_of_the_book_that_is_not_installed_is_one_problem(string toml, string folder, int line)
    {
        var (selections, problems) = bench.Select(toml);
        Assert.Empty(selections);
        var problem = Assert.Single(problems);
        Assert.Equal(("missing-plugin", line), (problem.Code, problem.Line));
        Assert.Contains(folder, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_of_a_missing_plugin_are_not_judged()
    {
        var problems = bench.Load("[otp]\nanything = 1\n[audit]\nsyslog = 'udp://x'\nsyslog_facility = 'local0'\nsyslog_colour = 1").Problems.All;
        Assert.Equal(["audit.syslog_colour"], problems.Where(problem => problem.Code == "unknown-key").Select(problem => problem.Key));
    }

    private void InstallAll() => bench.Declare("all",
        new Declaration("ca", "file"),
        new Declaration("ca", "pkcs11") { Tables = ["hsm"], ImpliedBy = ["hsm_slot", "key=pkcs11:*"] },
        new Declaration("auth", "saml"),
        new Declaration("auth", "otp") { Tables = ["otp"] },
        new Declaration("auth", "mtls") { Tables = ["tls.client_auth"] },
        new Declaration("auth", "gssapi") { Tables = ["gssapi"] },
        new Declaration("auth", "basic"),
        new Declaration("transport", "coap"),
        new Declaration("ha", "active-passive"),
        new Declaration("ha", "weighted"),
        new Declaration("audit", "file") { Tables = ["audit.file"] });
}
