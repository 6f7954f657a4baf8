namespace Kipuka.Architecture;

/// <summary>Every rule fails when it is broken, and holds for the twin that does the right thing.</summary>
public class BadAssemblies
{
    [Fact]
    public void R1_finds_an_SDK_that_references_more()
    {
        var bad = Compiled.From("public class A { Stubs.Newtonsoft_Json x = null; }", "Kipuka.Sdk", "Newtonsoft.Json");
        Assert.Equal(["Newtonsoft.Json"], Rules.R1_The_SDK_references_only_the_framework(bad));
        Assert.Empty(Rules.R1_The_SDK_references_only_the_framework(Compiled.From("public class A { }", "Kipuka.Sdk")));
    }

    [Fact]
    public void R2_finds_a_plugin_that_references_core_or_another_plugin()
    {
        const string Sdk = "public class A { Kipuka.Sdk.Secret s = null; ";
        var bad = Compiled.From(Sdk + "Stubs.kipuka x = null; Stubs.Kipuka_Plugins_Other y = null; }", "Kipuka.Plugins.Bad", "kipuka", "Kipuka.Plugins.Other");
        Assert.Equal(["Kipuka.Plugins.Other", "kipuka"], Rules.R2_A_plugin_references_the_SDK_only(bad).Order(StringComparer.Ordinal));
        Assert.NotEmpty(Rules.R2_A_plugin_references_the_SDK_only(Compiled.From("public class A { }", "Kipuka.Plugins.Bad")));
        Assert.Empty(Rules.R2_A_plugin_references_the_SDK_only(Compiled.From(Sdk + "}", "Kipuka.Plugins.Good")));
    }

    [Fact]
    public void R3_finds_a_plugins_name_in_core()
    {
        Assert.Equal(["auth-otp"], Rules.R3_No_plugin_is_named_in("var x = Load(\"auth-otp\");", ["auth-otp", "Kipuka.Plugins.AuthOtp"]));
        Assert.Empty(Rules.R3_No_plugin_is_named_in("var x = Load(\"otp\"); // my-auth-otps", ["auth-otp"]));
    }

    [Theory]
    [InlineData("class A { bool B() => System.IO.File.Exists(\"x\"); }")]
    [InlineData("class A { DateTime B() => DateTime.UtcNow; }")]
    [InlineData("class A { TimeProvider B() => TimeProvider.System; }")]
    public void R4_finds_IO_and_clocks(string body)
    {
        Assert.NotEmpty(Rules.R4_Pki_and_Policy_do_no_IO_and_read_no_clock(Compiled.From($"namespace Kipuka.Policy {{ {body} }}")));
        Assert.Empty(Rules.R4_Pki_and_Policy_do_no_IO_and_read_no_clock(Compiled.From($"namespace Kipuka.Store {{ {body} }}")));
    }

    [Fact]
    public void R5_finds_drafts_made_elsewhere_and_CAs_called_elsewhere()
    {
        const string Draft = "class A { object B(Kipuka.Sdk.Ca.CertificateDraft d) => new Kipuka.Sdk.Ca.CertificateDraft { Transaction = d.Transaction, Profile = d.Profile, "
            + "Subject = d.Subject, SubjectPublicKeyInfo = d.SubjectPublicKeyInfo, Extensions = d.Extensions, NotBefore = d.NotBefore, NotAfter = d.NotAfter, Serial = d.Serial }; }";
        const string Call = "class A { object B(Kipuka.Sdk.Ca.ICertificateAuthority ca) => ca.IssueAsync(null, default); }";
        Assert.NotEmpty(Rules.R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Compiled.From($"namespace Kipuka.Enroll {{ {Draft} }}")));
        Assert.Empty(Rules.R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Compiled.From($"namespace Kipuka.Policy {{ {Draft} }}")));
        Assert.NotEmpty(Rules.R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Compiled.From($"namespace Kipuka.Enroll {{ {Call} }}")));
        Assert.Empty(Rules.R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Compiled.From($"namespace Kipuka.Ca {{ {Call} }}")));
    }

    [Fact]
    public void R6_finds_SQL_outside_the_store()
    {
        const string Body = "class A { string B() => \"SELECT serial FROM certificates\"; }";
        Assert.NotEmpty(Rules.R6_Only_Store_speaks_SQL(Compiled.From($"namespace Kipuka.Est {{ {Body} }}")));
        Assert.Empty(Rules.R6_Only_Store_speaks_SQL(Compiled.From($"namespace Kipuka.Store {{ {Body} }}")));
    }

    [Fact]
    public void R6_finds_HTTP_outside_the_admin_room()
    {
        const string Context = "namespace Microsoft.AspNetCore.Http { public class HttpContext { } } ";
        const string Body = "class A { void B(Microsoft.AspNetCore.Http.HttpContext context) { } }";
        Assert.NotEmpty(Rules.R6_Only_Admin_sees_HTTP(Compiled.From($"{Context} namespace Kipuka.Enroll {{ {Body} }}")));
        Assert.DoesNotContain(Rules.R6_Only_Admin_sees_HTTP(Compiled.From($"{Context} namespace Kipuka.Admin {{ {Body} }}")), use => use.Contains("Kipuka.Admin", StringComparison.Ordinal));
    }

    [Fact]
    public void R7_finds_a_room_that_points_up_or_aside()
    {
        const string Up = "namespace Kipuka.Est { public class E { } } namespace Kipuka.Policy { class P { Kipuka.Est.E e; } }";
        const string Aside = "namespace Kipuka.Config { public class E { } } namespace Kipuka.Store { class P { Kipuka.Config.E e; } }";
        const string Down = "namespace Kipuka.Policy { public class E { } } namespace Kipuka.Est { class P { Kipuka.Policy.E e; } }";
        Assert.NotEmpty(Rules.R7_Rooms_point_down_only(Compiled.From(Up)));
        Assert.NotEmpty(Rules.R7_Rooms_point_down_only(Compiled.From(Aside)));
        Assert.Empty(Rules.R7_Rooms_point_down_only(Compiled.From(Down)));
        Assert.NotEmpty(Rules.R7_Every_room_is_known(Compiled.From("namespace Kipuka.Attic { class A { object B() => null; } }")));
    }

    [Theory]
    [InlineData("object B() => DateTime.Now;")]
    [InlineData("object B() => DateTimeOffset.UtcNow;")]
    [InlineData("object B(Task<int> t) => t.Result;")]
    [InlineData("void B(Task t) => t.Wait();")]
    [InlineData("void B() => System.Threading.Thread.Sleep(1);")]
    [InlineData("object B() => new Random();")]
    [InlineData("void B() => Console.WriteLine();")]
    [InlineData("object B() => \"X-Client-Cert\";")]
    [InlineData("object B() => System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequest(new byte[0], default);")]
    public void R8_finds_what_is_banned(string body)
        => Assert.NotEmpty(Rules.R8_Nothing_banned(Compiled.From($"namespace Kipuka.Enroll {{ class A {{ {body} }} }}"), mayUseConsole: false));

    [Fact]
    public void R8_allows_the_console_to_commands_only()
        => Assert.Empty(Rules.R8_Nothing_banned(Compiled.From("namespace Kipuka.Cli { class A { void B() => Console.WriteLine(); } }"), mayUseConsole: false));

    [Fact]
    public void R9_finds_a_changed_public_surface()
    {
        const string Before = "namespace Kipuka.Sdk { public class A { public void B() { } } }";
        const string After = "namespace Kipuka.Sdk { public class A { public void B(int c) { } } }";
        Assert.Equal(Surface(Before), Surface(Before));
        Assert.NotEqual(Surface(Before), Surface(After));

        static string Surface(string source) => PublicSurface.Of(System.Reflection.Assembly.Load(Compiled.Image(source, $"Surface{Guid.NewGuid():N}")));
    }

    [Fact]
    public void R10_finds_long_files()
    {
        Assert.NotEmpty(Rules.R10_Files_stay_small([("a", 401), ("b", 10), ("c", 10)]));
        Assert.NotEmpty(Rules.R10_Files_stay_small([("a", 90), ("b", 90), ("c", 10)]));
        Assert.Empty(Rules.R10_Files_stay_small([("a", 80), ("b", 80), ("c", 199)]));
    }
}
