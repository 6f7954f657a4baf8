using System.Text.RegularExpressions;

namespace Kipuka.Architecture;

/// <summary>The rules of the house, each over code that was read; a rule returns its violations.</summary>
internal static partial class Rules
{
    // R7: from the top down; a room may use those below it, and none beside or above it.
    private static readonly string[][] Floors =
    [
        [""],
        ["Cli", "Admin"],
        ["Est"],
        ["Enroll"],
        ["Auth"],
        ["Audit"],
        ["Policy", "Ha"],
        ["Ca", "Transport"],
        ["Catalog"],
        ["Store", "Config"],
        ["Pki", "Telemetry"],
    ];

    private static readonly string[] Clocks =
        ["System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow"];

    private static readonly string[] Blocking =
    [
        "System.Threading.Tasks.Task.Wait", "System.Threading.Tasks.Task`1.get_Result", "System.Threading.Tasks.Task.WaitAll", "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Tasks.ValueTask`1.get_Result", "System.Threading.Thread.Sleep",
    ];

    private static readonly string[] InputAndOutput =
        ["System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Net.Sockets.", "System.Net.Http.", "System.Console", "System.Diagnostics.Process", "System.Environment"];

    public static IEnumerable<string> R1_The_SDK_references_only_the_framework(Code sdk)
        => sdk.References.Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "netstandard" or "Microsoft.Extensions.Logging.Abstractions"));

    public static IEnumerable<string> R2_A_plugin_references_the_SDK_only(Code plugin)
    {
        var wrong = plugin.References.Where(name => name == "kipuka" || (name.StartsWith("Kipuka.", StringComparison.Ordinal) && name != "Kipuka.Sdk"));
        return plugin.References.Contains("Kipuka.Sdk") ? wrong : wrong.Append("it does not reference Kipuka.Sdk");
    }

    public static IEnumerable<string> R3_No_plugin_is_named_in(string source, IEnumerable<string> pluginWords)
        => pluginWords.Where(word => Regex.IsMatch(source, $@"(?<![A-Za-z0-9_]){Regex.Escape(word)}(?![A-Za-z0-9_])"));

    public static IEnumerable<string> R4_Pki_and_Policy_do_no_IO_and_read_no_clock(Code core) => Violations(
        core,
        use => RoomOf(use.Type) is "Pki" or "Policy",
        use => InputAndOutput.Any(prefix => use.Target.StartsWith(prefix, StringComparison.Ordinal)) || Clocks.Contains(use.Target)
            || use.Target == "System.TimeProvider.get_System");

    public static IEnumerable<string> R5_Drafts_are_made_in_Policy_and_issued_in_Ca(Code core) =>
    [
        .. Violations(core, use => RoomOf(use.Type) != "Policy", use => use.Kind == UseKind.New && use.Target == "Kipuka.Sdk.Ca.CertificateDraft"),
        .. Violations(core, use => RoomOf(use.Type) != "Ca", use => use.Target == "Kipuka.Sdk.Ca.ICertificateAuthority.IssueAsync"),
    ];

    public static IEnumerable<string> R6_Only_Admin_sees_HTTP(Code core) => Violations(
        core,
        use => RoomOf(use.Type) != "Admin",
        use => use.Target.StartsWith("Microsoft.AspNetCore.Http.HttpContext", StringComparison.Ordinal) || use.Target.StartsWith("Microsoft.AspNetCore.Http.HttpRe", StringComparison.Ordinal));

    public static IEnumerable<string> R6_Only_Store_speaks_SQL(Code core) => Violations(
        core, use => RoomOf(use.Type) != "Store", use => use.Kind == UseKind.Text && Sql().IsMatch(use.Target));

    public static IEnumerable<string> R7_Rooms_point_down_only(Code core) => Violations(
        core,
        use => FloorOf(use.Type) >= 0,
        use => FloorOf(use.Target) is var target and >= 0
            && RoomOf(use.Target) != RoomOf(use.Type)
            && target <= FloorOf(use.Type));

    public static IEnumerable<string> R7_Every_room_is_known(Code core)
        => core.Uses.Select(use => use.Type).Where(type => type.StartsWith("Kipuka.", StringComparison.Ordinal) && FloorOf(type) < 0).Distinct();

    public static IEnumerable<string> R8_Nothing_banned(Code code, bool mayUseConsole) => Violations(
        code,
        _ => true,
        use => Clocks.Contains(use.Target) || Blocking.Contains(use.Target)
            || (use.Kind == UseKind.New && use.Target == "System.Random")
            || use.Target.StartsWith("System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequest", StringComparison.Ordinal)
            || (use.Target == "System.Console" && !mayUseConsole && use.Type != "Program" && RoomOf(use.Type) is not ("Cli" or ""))
            || (use.Kind == UseKind.Text && ForwardedCertificate().IsMatch(use.Target)));

    public static IEnumerable<string> R10_Files_stay_small(IReadOnlyList<(string Name, int Lines)> files)
    {
        foreach (var (name, lines) in files.Where(file => file.Lines > 400))
        {
            yield return $"{name} has {lines} lines; 400 are the most";
        }
        var sizes = files.Select(file => file.Lines).Order().ToList();
        if (sizes.Count > 0 && sizes[sizes.Count / 2] > 80)
        {
            yield return $"the median file has {sizes[sizes.Count / 2]} lines; 80 are the most";
        }
        if (sizes.Count > 0 && sizes[(int)(sizes.Count * 0.9)] > 200)
        {
            yield return $"a tenth of the files has more than {sizes[(int)(sizes.Count * 0.9)] - 1} lines; 200 are the most";
        }
    }

    private static IEnumerable<string> Violations(Code code, Func<CodeUse, bool> within, Func<CodeUse, bool> wrong)
        => code.Uses.Where(use => within(use) && wrong(use)).Select(use => use.ToString());

    /// <summary>The room of a type of the core; "" for the root; null for other namespaces.</summary>
    private static string? RoomOf(string type)
    {
        var parts = type.Split('+')[0].Split('.');
        return parts[0] != "Kipuka" || (parts.Length > 1 && parts[1] is "Sdk" or "Plugins") ? null : parts.Length > 2 ? parts[1] : "";
    }

    private static int FloorOf(string type) => RoomOf(type) is { } room ? Array.FindIndex(Floors, floor => floor.Contains(room)) : -1;

    [GeneratedRegex(@"^\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA)\s", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Sql();

    [GeneratedRegex("^(X-Client-Cert|X-SSL-Client-Cert|X-ARR-ClientCert|X-Forwarded-Client-Cert|ssl-client-cert)$", RegexOptions.IgnoreCase)]
    private static partial Regex ForwardedCertificate();
}
