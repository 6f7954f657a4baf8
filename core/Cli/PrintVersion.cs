using System.CommandLine;
using System.CommandLine.Invocation;
using Kipuka.Telemetry;

namespace Kipuka.Cli;

/// <summary><c>kipuka --version</c>.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"kipuka {Build.Version}");
        return ExitCode.Done;
    }
}
