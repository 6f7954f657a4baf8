using System.Text.Json;
using Kipuka.Bench;
using Kipuka.Testing;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine("usage: Kipuka.Bench [--seconds N] [--connections N] [--only WORD] [--json] [--token]");
    return 2;
}
if (arguments.Token)
{
    await TokenComparison.RunAsync(arguments);
    return 0;
}
// The server is a process of its own. Variables such as DOTNET_TieredPGO=0 reach it from here.
await using var target = await Target.StartAsync(arguments.Connections);
var rows = new List<Row>();
foreach (var scenario in Scenario.All.Where(scenario => scenario.Name.Contains(arguments.Only, StringComparison.OrdinalIgnoreCase)))
{
    using var load = new Load(target, scenario, arguments.Connections);
    await load.RunAsync(Load.WarmUp);
    rows.Add(await load.RunAsync(TimeSpan.FromSeconds(arguments.Seconds)));
    if (!arguments.Json)
    {
        Console.WriteLine(rows.Count == 1 ? $"{Row.Heading}\n{rows[^1]}" : rows[^1].ToString());
    }
}
if (arguments.Json)
{
    Console.WriteLine(JsonSerializer.Serialize(rows, Row.Format));
}
return 0;
