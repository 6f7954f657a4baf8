using System.Globalization;
using Kipuka.Testing;

namespace Kipuka.Bench;

/// <summary>
/// What a key in a token costs the server, beside the same kind of key in a file and beside the signature alone. The rows alternate, so that what
/// else the machine does meets both.
/// </summary>
internal static class TokenComparison
{
    private const int Rounds = 3;
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
        Scenario[] both = [file, token];
        foreach (var scenario in both)
        {
            await new Load(target, scenario, arguments.Connections).RunAsync(Load.WarmUp);
        }
        Console.WriteLine(Row.Heading);
        List<Row> rows = [];
        for (var round = 0; round < Rounds; round++)
        {
            // The other way round each time: what is left of the compiler's work meets the first.
            foreach (var scenario in round % 2 == 0 ? both : both.Reverse())
            {
                rows.Add(await new Load(target, scenario, arguments.Connections).RunAsync(TimeSpan.FromSeconds(arguments.Seconds)));
                Console.WriteLine(rows[^1]);
            }
        }
        var (onToken, onFile) = (Mean(rows, token), Mean(rows, file));
        var (alone, crowd) = (await SignAsync(hsm, arguments.Seconds, 1), await SignAsync(hsm, arguments.Seconds, Sessions));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"C_Sign alone: {alone:F0} us with one thread, {crowd:F0} us with {Sessions}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"token - file = {onToken:F0} - {onFile:F0} = {onToken - onFile:F0} us, which is {(onToken - onFile) / alone:F2} x C_Sign with one thread, {(onToken - onFile) / crowd:F2} x with {Sessions}"));
    }

    private static double Mean(List<Row> rows, Scenario scenario)
    {
        var own = rows.Where(row => row.Name == scenario.Name).ToList();
        return own.Sum(row => row.ServerCpuMicroseconds * row.Requests) / own.Sum(row => row.Requests);
    }

    private static async Task<double> SignAsync(SoftHsm hsm, int seconds, int threads)
    {
        var source = Path.Combine(Repository.Root, "tests", "native", "p11-sign.c");
        await RunAsync("gcc", "-O2", "-o", hsm["p11-sign"], source, "-ldl", "-lpthread");
        return double.Parse(await RunAsync(hsm["p11-sign"], SoftHsm.Library, "kipuka", SoftHsm.Pin, "ca", $"{seconds}", $"{threads}"), CultureInfo.InvariantCulture);

        async Task<string> RunAsync(string program, params string[] words)
        {
            var result = await Tool.RunAsync(program, words, environment: hsm.Environment);
            return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(result.ToString());
        }
    }
}
