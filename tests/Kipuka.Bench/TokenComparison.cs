using System.Globalization;
using Kipuka.Testing;

namespace Kipuka.Bench;

/// <summary>
/// What a key in a token costs the server, beside the same kind of key in a file and beside the signature alone. The goal is a difference of at most
/// 1.4 signatures.
/// </summary>
internal static class TokenComparison
{
    private const int Turns = 9;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.5);
    private const int Sessions = 8;
    private const string Label = "token";

    public static async Task RunAsync(Arguments arguments)
    {
        using var hsm = new SoftHsm();
        await hsm.MakeTokenAsync("kipuka");
        await hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "01", "ca");
        var certificate = await hsm.MakeCertificateAsync("pkcs11:token=kipuka;object=ca", "ca");
        await using var target = await Target.StartAsync(arguments.Connections, hsm.Environment, $"""
            [hsm]
            library = "{SoftHsm.Library}"
            pin_env = "KIPUKA_HSM_PIN"
            max_sessions = {Sessions}
            [[ca]]
            id = "{Label}"
            label = "{Label}"
            cert = "{certificate}"
            key = "pkcs11:token=kipuka;object=ca"
            """);
        var file = new Scenario("keep-alive + Basic, enroll, key in a file", false, Credential.Password, true);
        var token = file with { Name = "keep-alive + Basic, enroll, key in a token", Label = Label };
        using var fileLoad = new Load(target, file, arguments.Connections);
        using var tokenLoad = new Load(target, token, arguments.Connections);
        Load[] both = [fileLoad, tokenLoad];
        foreach (var load in both)
        {
            await load.RunAsync(4 * Load.WarmUp);
        }
        // Short slices that alternate, the other way round each time: what else the machine does, and what the compiler still does, meets all alike.
        List<(Row File, Row Token)> pairs = [];
        List<(double Alone, double Crowd)> signatures = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var pair = 0; pair < arguments.Seconds; pair++)
            {
                var first = await both[pair % 2].RunAsync(Slice);
                var second = await both[1 - (pair % 2)].RunAsync(Slice);
                pairs.Add(pair % 2 == 0 ? (first, second) : (second, first));
            }
            signatures.Add((await SignAsync(hsm, 1), await SignAsync(hsm, Sessions)));
        }
        Console.WriteLine(Row.Heading);
        Console.WriteLine(Middle(pairs.Select(pair => pair.File)));
        Console.WriteLine(Middle(pairs.Select(pair => pair.Token)));
        var differences = pairs.Select(pair => pair.Token.ServerCpuMicroseconds - pair.File.ServerCpuMicroseconds).Order().ToList();
        var (low, middle, high) = (differences[differences.Count / 4], differences[differences.Count / 2], differences[differences.Count * 3 / 4]);
        var (alone, crowd) = (signatures.Select(pair => pair.Alone).Order().ElementAt(Turns / 2), signatures.Select(pair => pair.Crowd).Order().ElementAt(Turns / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"C_Sign alone: {alone:F0} us with one thread, {crowd:F0} us with {Sessions}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"token - file: {middle:F0} us (median of {pairs.Count} pairs, quartiles {low:F0} and {high:F0}, standard error {0.93 * (high - low) / Math.Sqrt(pairs.Count):F0}), which is {middle / alone:F2} x C_Sign with one thread, {middle / crowd:F2} x with {Sessions}"));
    }

    // The slice that cost what most of them cost.
    private static Row Middle(IEnumerable<Row> rows)
    {
        var sorted = rows.OrderBy(row => row.ServerCpuMicroseconds).ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task<double> SignAsync(SoftHsm hsm, int threads)
    {
        var source = Path.Combine(Repository.Root, "tests", "native", "p11-sign.c");
        await RunAsync("gcc", "-O2", "-o", hsm["p11-sign"], source, "-ldl", "-lpthread");
        return double.Parse(await RunAsync(hsm["p11-sign"], SoftHsm.Library, "kipuka", SoftHsm.Pin, "ca", "1", $"{threads}"), CultureInfo.InvariantCulture);

        async Task<string> RunAsync(string program, params string[] words)
        {
            var result = await Tool.RunAsync(program, words, environment: hsm.Environment);
            return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(result.ToString());
        }
    }
}
