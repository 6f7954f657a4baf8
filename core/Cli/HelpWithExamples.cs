using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Kipuka.Cli;

/// <summary>The library's help, then the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help, IReadOnlyList<string> ofRoot) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is CliCommand { Details.Length: > 0 } detailed)
        {
            detailed.Description = $"{detailed.Description} {detailed.Details}";
        }
        var result = help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command switch
        {
            RootCommand => ofRoot,
            CliCommand command => command.Examples,
            _ => [],
        };
        if (examples.Count > 0)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }
            output.WriteLine();
        }
        return result;
    }
}
